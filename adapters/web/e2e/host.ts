// Pages that are not ours: those that show the widget, and those that mean harm.
import { createServer, type Server as HTTPServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** Host serves pages by their paths. It is reached as 127.0.0.1, one site with our server, and as localhost, another site. */
export class Host {
  private readonly pages = new Map<string, string>();

  private constructor(private readonly server: HTTPServer) {
    server.on("request", (request, answer) => {
      const page = this.pages.get(request.url!.split("?")[0]!);
      answer.writeHead(page === undefined ? 404 : 200, { "Content-Type": "text/html; charset=utf-8" });
      answer.end(page ?? "");
    });
  }

  static async start(): Promise<Host> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Host(server);
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Another site than our server's: no cookie of ours goes along with what its pages send. */
  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** The same site as our server's, since ports do not count: cookies go along. */
  get neighbour(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** put keeps a page; what is given is the inside of its body. */
  put(path: string, body: string, head = ""): void {
    this.pages.set(
      path,
      `<!doctype html><html lang="en"><head><title>Shop ${path}</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`,
    );
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

/** withWidget is a page that shows the chat of a server. */
export const withWidget = (url: string, attributes = "", body = "") =>
  `<main><h1>Parcels</h1><p>Everything about your order.</p><a href="/second">Second page</a>${body}</main>
   <script src="${url}/widget.js" async data-title="Parcel help" ${attributes}></script>`;
