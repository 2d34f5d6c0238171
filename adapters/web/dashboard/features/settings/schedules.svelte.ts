import { asProblem } from "../../../shared/api.ts";
import { Remote } from "../../stores/remote.svelte.ts";
import { calls, type Schedule } from "./calls.ts";

/** The schedules of the account, the one that holds for most first. */
export const schedules = new Remote<Schedule>(async () =>
  (await calls.schedules()).sort((a, b) => Number(b.default) - Number(a.default) || a.name.localeCompare(b.name)),
);

/** tried does something with a schedule, and reads all anew when somebody else was quicker. */
export async function tried<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (asProblem(thrown).status === 409) await schedules.load();
    throw thrown;
  }
}
