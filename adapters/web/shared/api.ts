// Calls of the HTTP API, from our own pages: by the cookie of a login, or by a visitor's token.
import type { Attachment, FieldError } from "./protocol.ts";

/** What an answer with problem+json says. */
interface ProblemBody {
  code?: string;
  detail?: string;
  errors?: FieldError[];
  request_id?: string;
}

/** A call that was not granted, or that did not get through: then status is 0 and code is "offline". */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
    readonly requestId = "",
    /** Seconds after which the server wants to see the call again, or 0. */
    readonly retryAfter = 0,
  ) {
    super(detail);
  }

  /** Whether the same call may be granted a moment later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 429;
  }
}

/** asProblem gives the Problem that something thrown is, or makes one of it. */
export const asProblem = (thrown: unknown): Problem =>
  thrown instanceof Problem ? thrown : new Problem(0, "offline", thrown instanceof Error ? thrown.message : "");

type Value = string | number | boolean | null | undefined;
export type Query = Record<string, Value | readonly string[]>;

export interface CallOptions {
  query?: Query;
  signal?: AbortSignal;
  /** The call may be made again when the server is busy; calls that change nothing twice always may. */
  repeat?: boolean;
  /** A 401 is about what was sent, not about who is signed in. */
  quiet?: boolean;
  /** The call goes out even when the page is about to go. */
  keepalive?: boolean;
}

export interface UploadOptions {
  name?: string;
  /** Is told the part that has left, from 0 to 1. */
  progress?: (part: number) => void;
  signal?: AbortSignal;
}

export interface Page<T> {
  data: T[];
  next: string | null;
}

export interface ApiOptions {
  base?: string;
  /** A visitor's token; without it the browser's cookie says who is calling. */
  token?: () => string | null;
  /** Is called when the server no longer knows who we are. */
  signedOut?: (problem: Problem) => void;
  fetch?: typeof fetch;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  xhr?: () => XMLHttpRequest;
}

const pageSize = 500;
const tries = 4;
const longestWait = 5;
const repeatable = new Set(["GET", "PUT", "DELETE"]);

export const attachmentUrl = (id: string): string => `/v1/attachments/${encodeURIComponent(id)}`;

export class Api {
  constructor(private readonly options: ApiOptions = {}) {}

  get<T>(path: string, options?: CallOptions): Promise<T> {
    return this.call("GET", path, undefined, options);
  }
  post<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call("POST", path, body, options);
  }
  put<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call("PUT", path, body, options);
  }
  patch<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call("PATCH", path, body, options);
  }
  delete<T>(path: string, options?: CallOptions): Promise<T> {
    return this.call("DELETE", path, undefined, options);
  }

  /** One page of a list. */
  async page<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Page<T>> {
    const page = await this.get<{ data: T[] | null; next?: string | null }>(path, { query, signal });
    return { data: page.data ?? [], next: page.next ?? null };
  }

  /** All of a list; each page is told as it comes. */
  async list<T>(path: string, query: Query = {}, told?: (rows: T[]) => void, signal?: AbortSignal): Promise<T[]> {
    const all: T[] = [];
    let after: string | null = null;
    do {
      const page: Page<T> = await this.page<T>(path, { limit: pageSize, ...query, after }, signal);
      all.push(...page.data);
      told?.(page.data);
      after = page.next;
    } while (after !== null);
    return all;
  }

  /** upload sends a file for a session; its id can then be posted with a message. */
  upload(session: string, file: Blob, options: UploadOptions = {}): Promise<Attachment> {
    const form = new FormData();
    form.append("session", session); // first, so that a refusal does not wait for the bytes
    form.append("file", file, options.name ?? (file instanceof File ? file.name : "file"));
    return new Promise((resolve, reject) => {
      const xhr = this.options.xhr?.() ?? new XMLHttpRequest();
      xhr.open("POST", this.address("/v1/attachments"));
      for (const [name, value] of Object.entries(this.headers())) xhr.setRequestHeader(name, value);
      xhr.upload.onprogress = (e) => e.lengthComputable && options.progress?.(e.loaded / e.total);
      xhr.onload = () => {
        if (xhr.status < 300) return resolve(JSON.parse(xhr.responseText) as Attachment);
        reject(this.refusal(xhr.status, xhr.responseText, (name) => xhr.getResponseHeader(name), false));
      };
      xhr.onerror = () => reject(new Problem(0, "offline", ""));
      xhr.onabort = () => reject(new Problem(0, "aborted", ""));
      options.signal?.addEventListener("abort", () => xhr.abort());
      xhr.send(form);
    });
  }

  private async call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    const again = options.repeat ?? repeatable.has(method);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once<T>(method, path, body, options);
      } catch (thrown) {
        const wait = thrown instanceof Problem ? thrown.retryAfter : 0;
        if (!again || wait === 0 || wait > longestWait || attempt === tries) throw thrown;
        await (this.options.sleep ?? sleep)(wait * 1000, options.signal);
      }
    }
  }

  private async once<T>(method: string, path: string, body: unknown, options: CallOptions): Promise<T> {
    const response = await this.send(method, path, body, options);
    const text = await response.text().catch(() => "");
    if (!response.ok) {
      throw this.refusal(response.status, text, (name) => response.headers.get(name), options.quiet);
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  private async send(method: string, path: string, body: unknown, options: CallOptions): Promise<Response> {
    const headers = this.headers();
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await (this.options.fetch ?? fetch)(this.address(path, options.query), {
        method,
        headers,
        credentials: this.options.token ? "omit" : "same-origin",
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: options.signal,
        keepalive: options.keepalive,
      });
    } catch (thrown) {
      throw new Problem(0, options.signal?.aborted ? "aborted" : "offline", String(thrown));
    }
  }

  private headers(): Record<string, string> {
    const token = this.options.token?.();
    return token ? { Accept: "application/json", Authorization: `Bearer ${token}` } : { Accept: "application/json" };
  }

  private address(path: string, query: Query = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      const text = Array.isArray(value) ? value.join(",") : value;
      if (text !== null && text !== undefined && text !== "") search.set(name, String(text));
    }
    const asked = search.toString();
    return (this.options.base ?? "") + path + (asked && `?${asked}`);
  }

  private refusal(status: number, text: string, header: (name: string) => string | null, quiet = false): Problem {
    let body: ProblemBody = {};
    try {
      body = JSON.parse(text) as ProblemBody;
    } catch {
      // Something between us and the server answered in words of its own; the status has to do.
    }
    const { code = status === 401 ? "unauthorized" : "unknown", detail = "", errors, request_id } = body;
    const problem = new Problem(status, code, detail, errors, request_id, Number(header("Retry-After")) || 0);
    if (status === 401 && !quiet) this.options.signedOut?.(problem);
    return problem;
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Problem(0, "aborted", ""));
    });
  });
}
