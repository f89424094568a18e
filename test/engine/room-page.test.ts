/** The page at a room's link, and what a page asks whose socket does not come up. */
import { describe, expect, test } from "vitest";
import { FRAMING_ORIGIN, REFUSED_ORIGIN, useHttpSite } from "../support/http-site.ts";

const site = useHttpSite();

const INDEX = `<!doctype html>
<html lang="en">
  <head>
    <meta name="description" content="Ships." />
    <meta property="og:title" content="Starwake" />
    <meta property="og:image" content="preview.jpg" />
    <title>Starwake</title>
  </head>
  <body></body>
</html>
`;

async function pageAt(path: string, headers: Record<string, string> = {}): Promise<string> {
  site.write("index.html", INDEX);
  const { status, body, headers: told } = await site.ask(path, { headers });
  expect([status, told["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
  return body;
}

const metaOf = (page: string, name: string) =>
  [...page.matchAll(new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)"`, "g"))].map(([, said]) => said);

describe("a room's link", () => {
  test.each([
    ["/r/ABCDEF", "../"],
    ["/r/abcdef/", "../../"],
    ["/%23room=ABCDEF", "./"],
    ["/r/", "../"],
    ["/r/%2e%2e", "../"],
    ["/r/nothing-of-a-code.", "../"],
  ])("%s gives the page, which knows where its parts are", async (path, base) => {
    expect(await pageAt(path)).toContain(`<head>\n    <base href="${base}" />`);
  });

  test("tells in title and preview which room it leads to, each once", async () => {
    const page = await pageAt("/r/abcdef", { host: "Play.Example:3000" });
    expect(page).toContain("<title>Room ABCDEF · Starwake</title>");
    expect(metaOf(page, "og:title")).toEqual(["Join room ABCDEF on Starwake"]);
    expect(metaOf(page, "description")).toEqual(metaOf(page, "og:description"));
    expect(metaOf(page, "og:url")).toEqual(["http://play.example:3000/r/ABCDEF"]);
    expect(metaOf(page, "og:image")).toEqual(["http://play.example:3000/preview.jpg"]);
  });

  test.each(["/r/abc-def.", "/r/ABCDEF)", "/r/%E2%80%9CABCDEF%E2%80%9D", "/r/abcdef/"])(
    "written %s has the title of the room to which the page then leads",
    async (path) => {
      const page = await pageAt(path, { host: "play.example" });
      expect(page).toContain("<title>Room ABCDEF · Starwake</title>");
      expect(metaOf(page, "og:url")).toEqual(["http://play.example/r/ABCDEF"]);
    },
  );

  test("tells who flies in a public room, and nothing of any other", async () => {
    site.crowds.set("ABCDEF", { players: 3, capacity: 8 });
    site.crowds.set("FULLUP", { players: 8, capacity: 8 });
    const said = async (code: string) => metaOf(await pageAt(`/r/${code}`), "og:description")[0];
    expect(await said("ABCDEF")).toMatch(/^3 players fly there now, 5 places are free\. /);
    expect(await said("FULLUP")).toMatch(/^8 players fly there now, the room is full\. /);
    expect(await said("OTHERS")).toMatch(/^Ships/);
  });

  test("is told as a trusted proxy was asked for it, and as nobody else says", async () => {
    const headers = {
      host: "127.0.0.1:3000",
      "x-forwarded-host": "play.example",
      "x-forwarded-proto": "https",
      "x-forwarded-prefix": "/games/starwake",
    };
    const urlOf = async () => metaOf(await pageAt("/r/ABCDEF", headers), "og:url");
    expect(await urlOf()).toEqual([]);
    await site.listenAnew({ trusted: "127.0.0.1" });
    expect(await urlOf()).toEqual(["https://play.example/games/starwake/r/ABCDEF"]);
    headers["x-forwarded-prefix"] += "/";
    expect(await urlOf()).toEqual(["https://play.example/games/starwake/r/ABCDEF"]);
  });

  test.each<Record<string, string>>([
    { host: `"><script>alert(1)</script>` },
    { host: "play.example", "x-forwarded-prefix": `/"><script>` },
    { host: "play.example", "x-forwarded-host": `"><script>`, "x-forwarded-proto": `"><script>` },
  ])("writes nothing into the page that could be a part of it: %j", async (headers) => {
    await site.listenAnew({ trusted: "127.0.0.1" });
    expect(await pageAt("/r/ABCDEF", headers)).not.toMatch(/<script/);
    expect(await pageAt(`/r/%22%3E%3Cscript%3E`, headers)).not.toMatch(/<script/);
  });

  test("without a built page is told as such", async () => {
    site.remove("index.html");
    expect(await site.ask("/r/ABCDEF")).toMatchObject({ status: 404, body: expect.stringContaining("npm run build") });
  });
});

test("the page itself tells the whole address of its picture, as sharers want it, and where links are damaged, too", async () => {
  const headers = { host: "play.example", "x-forwarded-proto": "https", "x-forwarded-prefix": "/games" };
  const pictureAt = async (path: string) => metaOf(await pageAt(path, headers), "og:image");
  expect(metaOf(await pageAt("/", { host: "play.example" }), "og:image")).toEqual(["http://play.example/preview.jpg"]);
  expect([await pictureAt("/"), await pictureAt("/r/")]).toEqual([["preview.jpg"], ["preview.jpg"]]);
  await site.listenAnew({ trusted: "127.0.0.1" });
  const picture = ["https://play.example/games/preview.jpg"];
  expect([await pictureAt("/"), await pictureAt("/r/")]).toEqual([picture, picture]);
  expect(metaOf(await pageAt("/", { host: `"><script>` }), "og:image")).toEqual(["preview.jpg"]);
});

test("a page may be framed by its own site, and by those that may play here", async () => {
  const { headers } = await site.ask("/");
  expect(headers["content-security-policy"]).toContain(`frame-ancestors 'self' ${FRAMING_ORIGIN};`);
});

describe("a page whose socket does not come up is told", () => {
  const reach = async (query: string) => {
    const { status, headers, body } = await site.ask(`/reach${query}`);
    expect([status, headers["access-control-allow-origin"]]).toEqual([200, "*"]);
    return JSON.parse(body) as unknown;
  };

  test("whether the server lets pages of its origin in", async () => {
    expect(await reach(`?origin=${encodeURIComponent(REFUSED_ORIGIN)}`)).toEqual({ socket: "origin-not-allowed" });
    expect(await reach("?origin=https%3A%2F%2Fother.example")).toEqual({ socket: "allowed" });
  });

  test("something, whatever it asks", async () => {
    for (const query of ["", "?", "?origin", "?origin=%", "?origin=%E0%A4%A", `?origin=${"x".repeat(5_000)}`, "?a=b"])
      expect(await reach(query)).toEqual({ socket: "allowed" });
  });
});
