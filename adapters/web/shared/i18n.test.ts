import { afterEach, describe, expect, it } from "vitest";
import dashboard from "virtual:messages/dashboard";
import { pick, speak, t } from "./i18n";

const english = (await dashboard.en!()).default;

describe("messages", () => {
  afterEach(() => speak("en", english));

  it("are those of the language that is spoken", async () => {
    expect(t("common.close")).toBe("Close");
    speak("de", (await dashboard.de!()).default);
    expect(t("common.close")).toBe("Schließen");
  });

  it("fall back to their key, so that a gap can be seen and read", () => {
    speak("en", {});
    expect(t("common.close")).toBe("common.close");
  });
});

describe("the language", () => {
  it("is the first wish that is there", () => {
    expect(pick(["de", "en"], ["fr", "de-AT", "en"])).toBe("de");
  });

  it("is English when no wish can be granted", () => {
    expect(pick(["de", "en"], ["xx"])).toBe("en");
  });
});
