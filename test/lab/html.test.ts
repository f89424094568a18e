/** The report's HTML file: what it shows of a run, and that it needs nothing else. */
import { describe, expect, test } from "vitest";
import { htmlOf } from "./html.ts";
import { type Limit, parseLimit } from "./limits.ts";
import { Samples } from "./measures.ts";
import { Sweep } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { PLOTS } from "./series.ts";

const SCENARIO: Scenario & { tickRate: number; frameRate: number } = {
  name: "plain",
  summary: "nothing special",
  players: 2,
  seconds: 10,
  mapSize: 2000,
  network: { rttMs: 60, jitterMs: 20, loss: 0.01 },
  tickRate: 60,
  frameRate: 30,
};

describe("the HTML file", () => {
  test("escapes every name and detail", () => {
    const nasty = `<img src=x onerror="alert('&')">`;
    const html = page({
      scenario: { ...SCENARIO, name: nasty, summary: nasty },
      violations: [{ rule: "ids-rest", tick: 3, client: 1, detail: nasty }],
      counts: { [nasty]: 1 },
    });
    expect(html).not.toContain("<img");
    expect(html.split("&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;")).toHaveLength(6);
  });

  test("loads nothing, and runs nothing", () => {
    expect(page()).not.toMatch(/https?:|\bsrc=|\bhref=|url\(|@import|<script|<link/);
  });

  test("has a chart for each plot, and says where there is nothing to draw", () => {
    const html = page();
    for (const { title } of Object.values(PLOTS)) expect(html).toContain(title.replaceAll("'", "&#39;"));
    expect(html.match(/<figure>/g)).toHaveLength(Object.keys(PLOTS).length);
    expect(html.match(/Nothing of the kind happened/g)).toHaveLength(Object.keys(PLOTS).length - 1);
  });

  test("has a line and a key for each client", () => {
    const html = page({ samples: starvedIn([0.5, 0.2], [0.5, 0.2, 0.1]) });
    expect(html.match(/class="line of-\d+"/g)).toEqual(['class="line of-0"', 'class="line of-1"']);
    expect(html.match(/class="key of-\d+"/g)).toEqual(['class="key of-0"', 'class="key of-1"']);
  });

  test("breaks a line where a second has no samples, and dots what stands alone", () => {
    const html = page({ samples: starvedIn([1, undefined, 0, 0]) });
    expect(html).toContain('<path class="line of-0" d="M50 0M250 1000L350 1000">');
    expect(html).toContain('<path class="dots of-0" d="M50 0h0">');
  });

  test("marks when something happens", () => {
    const happenings = [{ atSeconds: 4, act: () => {} }];
    expect(page({ scenario: { ...SCENARIO, happenings } })).toContain(
      '<path class="happening" d="M400 0V1000"><title>4 s</title></path>',
    );
    expect(page()).not.toContain('class="happening"');
  });

  test("tells what was broken, or that all held", () => {
    expect(page()).toContain("Every invariant held.");
    expect(page({ limits: ["starvedTime<=1"] })).toContain("Every invariant and every limit held.");
    const broken = page({ limits: ["starvedTime<=0.1"] });
    expect(broken).toContain("<li>starvedTime&lt;=0.1 is broken: 0.5 in seed 1, first at tick 0 (0 s), client 0</li>");
    expect(broken).not.toContain("held.");
  });
});

type Settings = Partial<{
  scenario: typeof SCENARIO;
  limits: string[];
  samples: Samples;
  violations: { rule: "ids-rest"; tick: number; client: number; detail: string }[];
  counts: Record<string, number>;
}>;

function page({ scenario = SCENARIO, limits = [], samples = starvedIn([0.5]), ...other }: Settings = {}): string {
  const sweep = new Sweep({ scenario, hasRewind: true, limits: limits.map((text) => parseLimit(text) as Limit) });
  sweep.add({ seed: 1, samples, violations: [], counts: {}, ...other });
  return htmlOf(sweep.report(), samples);
}

/** Each client's starvation in each second. */
function starvedIn(...clients: (readonly (number | undefined)[])[]): Samples {
  const samples = new Samples();
  clients.forEach((seconds, client) =>
    seconds.forEach((value, second) => {
      if (value !== undefined) samples.add("starvedTime", second * 60, client, value);
    }),
  );
  return samples;
}
