import { describe, expect, test } from "vitest";
import { type Config, parseConfig } from "../../server/config.ts";

const SEED = 4_000_000_000;
const parse = (argv: readonly string[] = [], env: Record<string, string> = {}) => parseConfig(argv, env, () => SEED);

function configOf(argv: readonly string[], env: Record<string, string> = {}): Config {
  const parsed = parse(argv, env);
  if (parsed.kind !== "run") throw new Error(`not to be run: ${JSON.stringify(parsed)}`);
  return parsed.config;
}

function problemsOf(argv: readonly string[], env: Record<string, string> = {}): readonly string[] {
  const parsed = parse(argv, env);
  return parsed.kind === "invalid" ? parsed.problems : [];
}

const SECRET = "Tr0ub4dor-and-3.yes";
const UNKNOWN = "--metric-token: there is no such option; --help lists all";
const strayWord = (place: string) => `a stray word ${place}: options begin with --`;

function notesOf(env: Record<string, string>, argv: readonly string[] = []): readonly string[] {
  const parsed = parse(argv, env);
  return parsed.kind === "run" ? parsed.notes : [`not to be run: ${JSON.stringify(parsed)}`];
}

/** Every option but the switch: the flag, its variable, the field, and a good value with what it means. */
const OPTIONS = [
  ["--port", "PORT", "port", "8080", 8080],
  ["--host", "HOST", "host", "127.0.0.1", "127.0.0.1"],
  ["--seed", "SEED", "seed", "4294967295", 4294967295],
  ["--pilots", "PILOTS", "pilots", "0", 0],
  ["--capacity", "CAPACITY", "capacity", "2048", 2048],
  ["--max-rooms", "MAX_ROOMS", "maxRooms", "7", 7],
  ["--max-seats-per-address", "MAX_SEATS_PER_ADDRESS", "maxSeatsPerAddress", "1", 1],
  ["--max-spares-per-address", "MAX_SPARES_PER_ADDRESS", "maxSparesPerAddress", "1000000", 1_000_000],
  ["--max-private-rooms-per-address", "MAX_PRIVATE_ROOMS_PER_ADDRESS", "maxPrivateRoomsPerAddress", "0", Infinity],
  ["--max-openings", "MAX_OPENINGS", "maxOpenings", "20", 20],
  ["--max-openings-per-address", "MAX_OPENINGS_PER_ADDRESS", "maxOpeningsPerAddress", "0", Infinity],
  ["--max-joins", "MAX_JOINS", "maxJoins", "500", 500],
  ["--max-connects", "MAX_CONNECTS", "maxConnects", "0", Infinity],
  ["--max-requests", "MAX_REQUESTS", "maxRequests", "1", 1],
  ["--max-joins-per-address", "MAX_JOINS_PER_ADDRESS", "maxJoinsPerAddress", "0", Infinity],
  ["--map-size", "MAP_SIZE", "mapSize", "32512", 32512],
  ["--tick-rate", "TICK_RATE", "tickRate", "120", 120],
  ["--frame-rate", "FRAME_RATE", "frameRate", "60", 60],
  ["--peer-timeout", "PEER_TIMEOUT", "peerTimeout", "20", 20],
  ["--log-level", "LOG_LEVEL", "logLevel", "silent", "silent"],
  ["--allow-origin", "ALLOW_ORIGIN", "allowOrigin", "https://a.example", ["https://a.example"]],
  ["--trusted-proxy", "TRUSTED_PROXY", "trustedProxy", "loopback,10.0.0.0/8", ["loopback", "10.0.0.0/8"]],
  ["--metrics-token", "METRICS_TOKEN", "metricsToken", "correct-horse-battery", "correct-horse-battery"],
  ["--record", "RECORD", "record", "replays", "replays"],
  ["--ready-delay", "READY_DELAY", "readyDelay", "30", 30],
] as const;

const BAD_VALUES = [
  ["--port", ["-1", "65536", "1e3", "0x50", "3000.5", " 3000", "NaN", "99999999999"], "a whole number from 0 to 65535"],
  ["--host", ["a b", "localhost:3000", "http://localhost"], "an address or a host name"],
  ["--seed", ["-1", "4294967296", "luck"], "a whole number from 0 to 4294967295, or random"],
  ["--pilots", ["-1", "2049", "many"], "a whole number from 0 to 2048"],
  ["--capacity", ["0", "2049"], "a whole number from 1 to 2048"],
  ["--max-rooms", ["-1", "1000001", "all"], "a whole number from 1 to 1000000, or 0 for no limit"],
  ["--max-seats-per-address", ["-1", "none"], "a whole number from 1 to 1000000, or 0 for no limit"],
  ["--map-size", ["1", "1279", "32513"], "0 or a whole number from 1280 to 32512"],
  ["--tick-rate", ["19", "121"], "a whole number from 20 to 120"],
  ["--frame-rate", ["0", "121"], "a whole number from 1 to 120"],
  ["--peer-timeout", ["0", "601", "4s"], "a whole number from 1 to 600"],
  ["--log-level", ["loud", "constructor"], "one of trace, debug, info, warn, error, fatal, silent"],
  ["--ready-delay", ["-1", "3601", "soon"], "a whole number from 0 to 3600"],
  [
    "--allow-origin",
    ["example.org", "https://a.example/", "https://a.example/x", "ftp://a.example", "null"],
    "an origin",
  ],
  ["--trusted-proxy", ["*", "proxy.example", "10.0.0.0/33", "0.0.0.0/0", "1"], "addresses, networks"],
  ["--record", ["true", "1", "off"], "a directory that can be written"],
] as const;

describe("what is not set has a default", () => {
  test("nothing set gives the defaults and a drawn seed", () => {
    expect(configOf([])).toEqual({
      ...{ port: 3000, host: "", seed: SEED, pilots: 12, capacity: 64, mapSize: 0, tickRate: 60, frameRate: 30 },
      ...{
        logLevel: "info",
        allowOrigin: [],
        trustedProxy: [],
        metricsToken: "",
        record: "",
        readyDelay: 0,
        noBuild: false,
      },
      ...{ maxSockets: 8_000, maxSocketsPerAddress: 600, maxConnections: 5_000, maxConnectionsPerAddress: 100 },
      ...{ maxUnseatedPerAddress: 64, maxConnectsPerAddress: 30, maxRequestsPerAddress: 100 },
      ...{ maxRooms: 200, maxSeatsPerAddress: 64, maxSparesPerAddress: 32, maxPrivateRoomsPerAddress: 4 },
      ...{ maxOpenings: 4, maxOpeningsPerAddress: 1 },
      ...{ maxJoinsPerAddress: 10, maxJoins: 100, maxConnects: 200, maxRequests: 1_500 },
      ...{ peerTimeout: 4 },
    });
  });

  test("without a drawn seed each parse draws a 32-bit one of its own", () => {
    const seeds = Array.from({ length: 20 }, () => parseConfig([], {})).map(
      (parsed) => parsed.kind === "run" && parsed.config.seed,
    );
    expect(new Set(seeds).size).toBeGreaterThan(1);
    for (const seed of seeds)
      expect(seed).toSatisfy((value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 32);
  });

  test("a default that would exceed another option is lowered to it", () => {
    expect(configOf(["--capacity", "4"]).pilots).toBe(4);
    expect(configOf(["--tick-rate", "20"]).frameRate).toBe(20);
  });

  test("an empty variable counts as none", () => {
    expect(configOf([], { PORT: "", ALLOW_ORIGIN: "" })).toEqual(configOf([]));
  });
});

describe("flags and variables", () => {
  test.each(OPTIONS)("%s and %s both set the option", (flag, variable, field, text, value) => {
    expect(configOf([flag, text])[field]).toEqual(value);
    expect(configOf([`${flag}=${text}`])[field]).toEqual(value);
    expect(configOf([], { [variable]: text })[field]).toEqual(value);
    expect(configOf([], { [`STARWAKE_${variable}`]: text })[field]).toEqual(value);
  });

  test.each(OPTIONS)(
    "of %s the variable with STARWAKE_ beats %s, even where that one is good",
    (_, variable, field, text, value) => {
      const env = { [`STARWAKE_${variable}`]: text, [variable]: "1" };
      expect(configOf([], env)[field]).toEqual(value);
      expect(notesOf(env)).toEqual([]);
    },
  );

  test("blanks and line ends around a variable's value are not of it", () => {
    expect(configOf([], { PORT: " 3001\r", STARWAKE_HOST: "127.0.0.1 \n" })).toMatchObject({
      port: 3001,
      host: "127.0.0.1",
    });
  });

  test("a log level is understood in any case, and by what other programs call it", () => {
    const understood = { INFO: "info", Warning: "warn", WARN: "warn", err: "error", critical: "fatal", off: "silent" };
    for (const [text, level] of Object.entries(understood)) {
      expect(configOf([], { LOG_LEVEL: text }).logLevel).toBe(level);
      expect(configOf(["--log-level", text]).logLevel).toBe(level);
    }
  });

  test("an address may stand in brackets, as in a link", () => {
    expect(configOf(["--host", "[::1]"]).host).toBe("::1");
    expect(configOf([], { HOST: "[::1]" }).host).toBe("::1");
  });

  test("where an option was set is known, for what must be told later", () => {
    const parsed = parse(["--port", "1"], { HOST: "10.0.0.1", STARWAKE_SEED: "3" });
    const sources = parsed.kind === "run" ? [...parsed.given].map(([name, { source }]) => [name, source]) : [];
    expect(sources).toEqual([
      ["port", "--port"],
      ["host", "HOST"],
      ["seed", "STARWAKE_SEED"],
    ]);
  });

  test("a flag beats its variable, even where the variable is bad", () => {
    expect(configOf(["--port", "1"], { PORT: "2" }).port).toBe(1);
    expect(configOf(["--port", "1"], { PORT: "x" }).port).toBe(1);
  });

  test("of a flag given twice the last counts", () => {
    expect(configOf(["--port", "1", "--port", "2"]).port).toBe(2);
  });

  test("origins add up, as flags and as a list", () => {
    const origins = ["https://a.example", "http://b.example:8080", "*"];
    expect(configOf(origins.flatMap((origin) => ["--allow-origin", origin])).allowOrigin).toEqual(origins);
    expect(configOf([], { ALLOW_ORIGIN: origins.join(" , ") }).allowOrigin).toEqual(origins);
  });

  test("proxies add up, too", () => {
    const proxies = ["10.0.0.0/8", "2001:db8::1", "loopback"];
    expect(configOf(proxies.flatMap((proxy) => ["--trusted-proxy", proxy])).trustedProxy).toEqual(proxies);
    expect(configOf([], { TRUSTED_PROXY: proxies.join(" , ") }).trustedProxy).toEqual(proxies);
  });

  test("--no-build is a switch, and NO_BUILD says true or false", () => {
    expect(configOf(["--no-build"]).noBuild).toBe(true);
    expect(configOf([], { NO_BUILD: "1" }).noBuild).toBe(true);
    expect(configOf([], { NO_BUILD: "false" }).noBuild).toBe(false);
    expect(problemsOf(["--no-build=yes"])).toEqual(['--no-build: takes no value, and was given "yes"']);
    expect(problemsOf([], { STARWAKE_NO_BUILD: "maybe" })).toEqual([
      'STARWAKE_NO_BUILD "maybe": must be true or false',
    ]);
  });
});

describe("a plain variable may be another program's", () => {
  const OTHERS = [
    ["HOST", "x86_64-conda-linux-gnu", "host"],
    ["HOST", "build-box", "host"],
    ["LOG_LEVEL", "chatty", "logLevel"],
    ["SEED", "corn", "seed"],
    ["CAPACITY", "12GB", "capacity"],
    ["PORT", "COM1", "port"],
    ["NO_BUILD", "all of it", "noBuild"],
    ["FRAME_RATE", "61", "frameRate"],
    ["PILOTS", "65", "pilots"],
    ["RECORD", "true", "record"],
    ["RECORD", "0", "record"],
    ["RECORD", "Off", "record"],
    ["TRUSTED_PROXY", "1", "trustedProxy"],
    ["TRUSTED_PROXY", "true", "trustedProxy"],
    ["ALLOW_ORIGIN", "null", "allowOrigin"],
  ] as const;
  test.each(OTHERS)("%s=%s is passed over, and one line says how to set it", (variable, text, field) => {
    expect(configOf([], { [variable]: text })[field]).toEqual(configOf([])[field]);
    expect(notesOf({ [variable]: text })).toEqual([expect.stringMatching(/^[^\n]{1,300}$/)]);
    const [note] = notesOf({ [variable]: text });
    expect(note).toContain(variable);
    expect(note).toContain(text);
    expect(note).toContain(`STARWAKE_${variable} or --${variable.toLowerCase().replace("_", "-")} sets it`);
  });

  test.each([
    ["CAPACITY", "4", "--pilots", "6", "capacity", "pilots"],
    ["TICK_RATE", "20", "--frame-rate", "30", "tickRate", "frameRate"],
    ["MAX_SOCKETS", "100", "--max-connections", "5000", "maxSockets", "maxConnections"],
  ] as const)("%s=%s gives way to %s %s, which is surely meant", (limit, most, flag, text, limitField, field) => {
    const own = `STARWAKE_${flag.slice(2).replace("-", "_").toUpperCase()}`;
    for (const [source, argv, env] of [
      [flag, [flag, text], { [limit]: most }],
      [own, [], { [limit]: most, [own]: text }],
    ] as const) {
      expect(configOf(argv, env)).toMatchObject({ [field]: Number(text), [limitField]: configOf([])[limitField] });
      expect(notesOf(env, argv)).toEqual([
        expect.stringContaining(`${limit} ${most}: is less than ${source}, which is`),
      ]);
    }
  });

  test("one that limits nothing that is surely meant counts", () => {
    expect(configOf([], { CAPACITY: "4" })).toMatchObject({ capacity: 4, pilots: 4 });
    expect(configOf([], { CAPACITY: "4", PILOTS: "6" })).toMatchObject({ capacity: 4, pilots: 4 });
    expect(configOf(["--capacity", "4"], { PILOTS: "6" })).toMatchObject({ capacity: 4, pilots: 4 });
  });

  test("where it gives way and the default allows no more, what is surely meant is refused", () => {
    expect(problemsOf(["--pilots", "65"], { CAPACITY: "4" })).toEqual([
      "--pilots 65: must be at most --capacity, which is 64",
    ]);
  });

  test("localhost is a good HOST in any case", () => {
    expect(configOf([], { HOST: "LOCALHOST" }).host).toBe("localhost");
    expect(configOf(["--host", "Localhost"]).host).toBe("localhost");
  });

  test("a name is a good HOST where it is surely meant", () => {
    expect(configOf([], { STARWAKE_HOST: "build-box" }).host).toBe("build-box");
    expect(configOf(["--host", "build-box"]).host).toBe("build-box");
  });

  test("what Kubernetes sets for a service named starwake is passed over", () => {
    const links = {
      STARWAKE_SERVICE_HOST: "10.3.0.7",
      STARWAKE_SERVICE_PORT: "80",
      STARWAKE_PORT_80_TCP: "tcp://10.3.0.7:80",
    };
    expect(notesOf(links)).toEqual([]);
    expect(configOf([], { ...links, STARWAKE_PORT: "tcp://10.3.0.7:80" }).port).toBe(3000);
    expect(configOf([], { ...links, STARWAKE_PORT: "tcp://10.3.0.7:80", PORT: "3001" }).port).toBe(3001);
    expect(notesOf({ STARWAKE_PORT: "tcp://10.3.0.7:80" })).toEqual([expect.stringContaining("enableServiceLinks")]);
  });

  test("so is what it sets for one whose name begins so, without a word", () => {
    const links = {
      STARWAKE_WEB_SERVICE_HOST: "10.3.0.8",
      STARWAKE_WEB_SERVICE_PORT: "80",
      STARWAKE_WEB_SERVICE_PORT_HTTP: "80",
      STARWAKE_WEB_PORT: "tcp://10.3.0.8:80",
      STARWAKE_WEB_PORT_80_TCP: "tcp://10.3.0.8:80",
      STARWAKE_WEB_PORT_80_TCP_PROTO: "tcp",
      STARWAKE_WEB_PORT_80_TCP_PORT: "80",
      STARWAKE_WEB_PORT_80_TCP_ADDR: "10.3.0.8",
      STARWAKE_DNS_PORT_53_UDP: "udp://10.3.0.8:53",
    };
    expect(notesOf(links)).toEqual([]);
  });

  test.each(["STARWAKE_PROT", "STARWAKE_HTTP_PORT", "STARWAKE_SERVICE", "STARWAKE_PORT_80", "STARWAKE_PORTS"])(
    "a STARWAKE_ variable that does not exist is noted: %s",
    (variable) => {
      expect(notesOf({ [variable]: "1" })).toEqual([`${variable}: there is no such variable; --help lists all`]);
    },
  );
});

describe("what is wrong is told", () => {
  const cases = BAD_VALUES.flatMap(([flag, values, allowed]) => values.map((value) => [flag, value, allowed] as const));
  test.each(cases)("%s %j is refused, and what is allowed is named", (flag, value, allowed) => {
    const variable = `STARWAKE_${flag.slice(2).replaceAll("-", "_").toUpperCase()}`;
    const told = (text: string) => `${JSON.stringify(text)}: must be ${allowed}`;
    expect(problemsOf([`${flag}=${value}`])).toEqual([expect.stringContaining(`${flag} ${told(value)}`)]);
    if (value === value.trim())
      expect(problemsOf([], { [variable]: value })).toEqual([expect.stringContaining(`${variable} ${told(value)}`)]);
  });

  test.each(["short", "correct horse battery", `correct-horse-"battery`, "x".repeat(257)])(
    "a token that cannot be used is refused, and not shown: %j",
    (token) => {
      const told = "(not shown): must be 16 to 256 letters, digits and any of -._~+/=";
      expect(problemsOf([`--metrics-token=${token}`])).toEqual([`--metrics-token ${told}`]);
      expect(problemsOf([], { STARWAKE_METRICS_TOKEN: token })).toEqual([`STARWAKE_METRICS_TOKEN ${told}`]);
    },
  );

  test("a flag without its value, an unknown flag and a stray word are told", () => {
    expect(problemsOf(["--port"])).toEqual(["--port: needs a value: a whole number from 0 to 65535"]);
    expect(problemsOf(["--port", "--no-build"])).toEqual(["--port: needs a value: a whole number from 0 to 65535"]);
    expect(problemsOf(["--prot=1"])).toEqual(["--prot: there is no such option; --help lists all"]);
    expect(problemsOf(["-p"])).toEqual([strayWord("at the beginning")]);
    expect(problemsOf(["--port", "1", "now"])).toEqual([strayWord("after --port")]);
  });

  test.each([
    [
      ["--metric-token", SECRET],
      [UNKNOWN, strayWord("after --metric-token")],
    ],
    [
      ["--metric-token", `-${SECRET}`],
      [UNKNOWN, strayWord("after --metric-token")],
    ],
    [[`--metric-token=${SECRET}`], [UNKNOWN]],
    [[`-metrics-token=${SECRET}`], [strayWord("at the beginning")]],
    [["--metrics-token", "correct-horse-battery", SECRET], [strayWord("after --metrics-token")]],
    [["--metrics-token", "correct-horse-battery", "--", SECRET], [strayWord("after --metrics-token")]],
    [["--metrics-token", `--${SECRET}`], [expect.stringMatching(/^--metrics-token: needs a value/)]],
  ])("a secret that went astray is not shown: %j", (argv, told) => {
    expect(problemsOf(argv)).toEqual(told);
  });

  test("what is quoted steers no terminal", () => {
    expect(problemsOf(["--host", "\x9b2J\u202e", "--prot\x9b2J"], { "STARWAKE_\x9d": "1" })).toEqual([
      '"--prot\\u009b2J": there is no such option; --help lists all',
      expect.stringContaining('--host "\\u009b2J\\u202e": must be'),
    ]);
    expect(notesOf({ "STARWAKE_\x9d": "1" })).toEqual([expect.stringMatching(/^"STARWAKE_\\u009d": there is no/)]);
  });

  test("names of an object's own machinery are no options", () => {
    for (const name of ["__proto__", "constructor", "toString"]) expect(problemsOf([`--${name}=1`])).toHaveLength(1);
  });

  test("a given value may not exceed the option that limits it", () => {
    expect(problemsOf(["--pilots", "5", "--capacity", "4"])).toEqual([
      "--pilots 5: must be at most --capacity, which is 4",
    ]);
    expect(problemsOf([], { STARWAKE_FRAME_RATE: "61" })).toEqual([
      "STARWAKE_FRAME_RATE 61: must be at most --tick-rate, which is 60",
    ]);
  });

  test("all problems come at once, each on one line", () => {
    const problems = problemsOf(["--port", "x\ny", "--bogus", "--pilots", "65"], { STARWAKE_SEED: "y".repeat(10_000) });
    expect(problems.map((problem) => problem.split(/[ :]/)[0])).toEqual([
      "--bogus",
      "--port",
      "STARWAKE_SEED",
      "--pilots",
    ]);
    for (const problem of problems) expect(problem).toMatch(/^.{1,200}$/);
  });
});

describe("the help", () => {
  test.each(["--help", "-h"])("%s is given even where other things are wrong", (flag) => {
    expect(parse(["--port", "x", flag]).kind).toBe("help");
  });

  test("each option has a line with its variable and its default", () => {
    const parsed = parse(["--help"]);
    const lines = parsed.kind === "help" ? parsed.text.split("\n") : [];
    for (const [flag, variable] of [...OPTIONS, ["--no-build", "NO_BUILD"]] as const) {
      expect(lines.filter((line) => line.startsWith(`  ${flag} `) && line.includes(` ${variable} `))).toHaveLength(1);
    }
    expect(lines.find((line) => line.includes("--port"))).toMatch(/ 3000 .* from 0 to 65535/);
  });
});
