const key = "baton.trial";

/** Whether somebody tries a chat with himself: the widget stands beside his inbox, until he is done or closes the tab. */
class Trial {
  #on = $state(read());

  get on(): boolean {
    return this.#on;
  }
  set on(on: boolean) {
    this.#on = on;
    try {
      if (on) sessionStorage.setItem(key, "1");
      else sessionStorage.removeItem(key);
    } catch {
      // Storage is blocked: it lasts until the page is loaded again.
    }
  }
}

function read(): boolean {
  try {
    return sessionStorage.getItem(key) === "1";
  } catch {
    return false;
  }
}

export const trial = new Trial();
