import { describe, expect, it } from "vitest";
import { pathOf, routeOf } from "./routes.ts";

describe("addresses", () => {
  it("have a page each", () => {
    expect(routeOf("/app/")?.route.name).toBe("inbox");
    expect(routeOf("/app")?.route.name).toBe("inbox");
    expect(routeOf("/app/team")?.route.name).toBe("team");
    expect(routeOf("/app/analytics")?.route).toMatchObject({ name: "analytics", needs: "analytics.read" });
    expect(routeOf("/setup")?.route.name).toBe("setup");
  });

  it("carry the id of a chat, whatever it looks like", () => {
    const path = pathOf("chat", { id: "ses_1/ä" });
    expect(routeOf(path)).toMatchObject({ route: { name: "chat" }, params: { id: "ses_1/ä" } });
    expect(routeOf("/app/chats/%E0%A4%A")?.params.id).toBe("%E0%A4%A");
  });

  it("carry the name of a script", () => {
    expect(routeOf("/app/scripts")?.route.name).toBe("scripts");
    expect(routeOf(pathOf("script", { name: "vip_first" }))).toMatchObject({ params: { name: "vip_first" } });
  });

  it("that nobody knows have none", () => {
    expect(routeOf("/app/chats")).toBeNull();
    expect(routeOf("/app/team/x")).toBeNull();
  });
});
