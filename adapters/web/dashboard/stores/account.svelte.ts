import type { Api } from "../../shared/api.ts";
import type { Ref } from "../../shared/protocol.ts";

/** What can be sent: bytes of one text and of one file, and how the names of acceptable files end. */
export interface Limits {
  text_bytes: number;
  attachment_bytes: number;
  attachment_types: string[];
}

export interface AccountAnswer {
  name: string;
  time_zone: string;
  /** Of all queues that have none of their own. */
  schedule: Ref;
  widget: { origins: string[] };
  limits: Limits;
  capacity_max: number;
}

/** Whose desk this is, and what the configuration says that a page must know. */
export class Account {
  private answer = $state.raw<AccountAnswer | null>(null);

  constructor(private readonly api: Api) {}

  /** The company's name; may be empty. */
  get name(): string {
    return this.answer?.name ?? "";
  }
  get timeZone(): string {
    return this.answer?.time_zone ?? "";
  }
  /** The pages that may show the widget. */
  get origins(): readonly string[] {
    return this.answer?.widget.origins ?? [];
  }
  /** Unknown until they have been read: then the server alone refuses what is too large. */
  get limits(): Limits | null {
    return this.answer?.limits ?? null;
  }
  /** How many chats a person may have at once at most. */
  get capacityMax(): number {
    return this.answer?.capacity_max ?? 20;
  }

  async read(): Promise<void> {
    this.answer = await this.api.get<AccountAnswer>("/v1/settings");
  }

  async change(part: { name?: string; time_zone?: string }): Promise<void> {
    this.answer = await this.api.put<AccountAnswer>("/v1/settings", part);
  }

  /** forget is for a person who has signed out. */
  forget(): void {
    this.answer = null;
  }
}
