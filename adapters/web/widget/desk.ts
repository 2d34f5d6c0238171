import type { Api } from "../shared/api.ts";

/** What the server says of itself to everybody. */
export interface Settings {
  name: string;
  open: boolean;
  next_opening: string | null;
  limits: { text_bytes: number; attachment_bytes: number; attachment_types: string[] };
}

/** How a request for a person would fare. */
export interface Availability {
  open: boolean;
  next_opening: string | null;
  agents_available: number;
  position: number | null;
}

/** Desk is what is known of those whom the visitor can ask. */
export class Desk {
  settings: Settings = {
    name: "",
    open: true,
    next_opening: null,
    limits: { text_bytes: 16_384, attachment_bytes: 20_971_520, attachment_types: [] },
  };
  free: Availability | null = null;

  constructor(
    private readonly api: Api,
    private readonly queue: string | undefined,
  ) {}

  /** Whether the queue that the visitor would come into is open. */
  get open(): boolean {
    return (this.free ?? this.settings).open;
  }

  /** When it opens, if it is closed and will. */
  get opens(): string | null {
    return (this.free ?? this.settings).next_opening;
  }

  /** look sees whether the desk is open and somebody is free. When that cannot be said, nothing is promised. */
  async look(): Promise<void> {
    try {
      this.settings = await this.api.get("/v1/widget");
      this.free = await this.api.get("/v1/availability", { query: { queue: this.queue } });
    } catch {
      this.free = null;
    }
  }
}
