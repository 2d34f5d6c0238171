// Stores on a real server, for tests.
import type { Api } from "../../shared/api.ts";
import { Sounds, type Sound } from "../../shared/sound.ts";
import { memoryStore, type Store } from "../../shared/storage.ts";
import type { RealServer } from "../../shared/testing/server.ts";
import { makeStores, type Stores } from "./start.ts";

/** storesOn makes the stores of whoever makes these calls. What is heard is told; what is kept may be shared. */
export function storesOn(
  server: RealServer,
  api: Api,
  played: (sound: Sound) => void = () => undefined,
  store: Store = memoryStore(),
): Stores {
  return makeStores({
    api: () => api,
    socket: (calls) => server.socketEnv(calls),
    store,
    page: memoryStore(),
    sounds: (wanted) =>
      new Sounds({
        context: () => {
          throw new Error("there is nothing to be heard with");
        },
        wanted,
        played,
        every: () => () => undefined,
      }),
  });
}
