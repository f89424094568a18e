/**
 * Lights: painted white, coloured by tint when they are drawn.
 *
 * Next: particles.ts, which throws them about.
 */

type Context = CanvasRenderingContext2D;
type Stops = readonly (readonly [at: number, alpha: number])[];

const SOFT: Stops = [
  [0, 1],
  [0.12, 0.72],
  [0.3, 0.34],
  [0.55, 0.1],
  [0.8, 0.02],
  [1, 0],
];
const HOT: Stops = [
  [0, 1],
  [0.3, 1],
  [0.55, 0.55],
  [0.8, 0.12],
  [1, 0],
];

export function paintGlow(context: Context): void {
  fillDisc(context, 64, SOFT);
}

export function paintCore(context: Context): void {
  fillDisc(context, 32, HOT);
}

/** A point of light with four thin rays. */
export function paintStar(context: Context): void {
  fillDisc(context, 16, SOFT);
  for (const turn of [0, Math.PI / 2]) {
    context.save();
    context.rotate(turn);
    context.scale(1, 0.07);
    fillDisc(context, 31, SOFT);
    context.restore();
  }
}

/** A thin circle, sharp outside and fading inwards. */
export function paintRing(context: Context): void {
  const gradient = context.createRadialGradient(0, 0, 60, 0, 0, 126);
  addStops(gradient, [
    [0, 0],
    [0.5, 0.08],
    [0.82, 0.4],
    [0.9, 1],
    [0.95, 0.5],
    [1, 0],
  ]);
  context.fillStyle = gradient;
  context.fillRect(-128, -128, 256, 256);
}

/** A bubble: bright rim, faint inside, a glint at the upper left. */
export function paintShield(context: Context): void {
  const gradient = context.createRadialGradient(0, 0, 0, 0, 0, 124);
  addStops(gradient, [
    [0, 0.02],
    [0.6, 0.06],
    [0.8, 0.22],
    [0.88, 0.85],
    [0.91, 0.5],
    [1, 0],
  ]);
  context.fillStyle = gradient;
  context.fillRect(-128, -128, 256, 256);
  context.lineCap = "round";
  context.lineWidth = 6;
  context.strokeStyle = "rgba(255,255,255,0.5)";
  context.beginPath();
  context.arc(0, 0, 94, Math.PI * 1.05, Math.PI * 1.4);
  context.stroke();
}

/** A spark: its bright head to the right. */
export function paintStreak(context: Context): void {
  context.save();
  context.scale(1, 0.2);
  context.translate(20, 0);
  fillDisc(context, 42, SOFT);
  context.restore();
  context.save();
  context.scale(1, 0.1);
  fillDisc(context, 62, SOFT);
  context.restore();
}

/** A pulse bolt: a hot needle in a soft shell. */
export function paintBolt(context: Context): void {
  context.save();
  context.scale(1, 0.36);
  fillDisc(context, 63, SOFT);
  context.restore();
  const needle = context.createLinearGradient(-44, 0, 44, 0);
  addStops(needle, [
    [0, 0],
    [0.45, 0.75],
    [0.9, 1],
    [1, 0.9],
  ]);
  context.fillStyle = needle;
  context.beginPath();
  context.ellipse(4, 0, 40, 6.5, 0, 0, Math.PI * 2);
  context.fill();
}

/** An engine's flame: the nozzle at the right edge, the tip at the left. */
export function paintFlame(context: Context): void {
  context.save();
  context.translate(62, 0);
  for (const [length, width, alpha] of [
    [122, 26, 0.45],
    [96, 16, 0.6],
    [60, 9, 1],
  ] as const) {
    const gradient = context.createLinearGradient(0, 0, -length, 0);
    addStops(gradient, [
      [0, alpha],
      [0.35, alpha * 0.6],
      [1, 0],
    ]);
    context.fillStyle = gradient;
    context.filter = "blur(2.5px)";
    context.beginPath();
    context.moveTo(0, -width * 0.55);
    context.bezierCurveTo(-length * 0.25, -width * 1.1, -length * 0.7, -width * 0.3, -length, 0);
    context.bezierCurveTo(-length * 0.7, width * 0.3, -length * 0.25, width * 1.1, 0, width * 0.55);
    context.fill();
  }
  context.restore();
}

/** The cross-section of a beam or a border: a bright line in a halo. */
export function paintLine(context: Context): void {
  fillAcross(context, [
    [0, 0],
    [0.3, 0.12],
    [0.42, 0.4],
    [0.48, 1],
    [0.52, 1],
    [0.58, 0.4],
    [0.7, 0.12],
    [1, 0],
  ]);
}

/** The cross-section of a trail: soft all through. */
export function paintSoftLine(context: Context): void {
  fillAcross(context, [
    [0, 0],
    [0.25, 0.2],
    [0.5, 0.9],
    [0.75, 0.2],
    [1, 0],
  ]);
}

export function paintSolid(context: Context): void {
  context.fillStyle = "#fff";
  context.fillRect(-64, -64, 128, 128);
}

/** An arrow head pointing right: marks the own ship. */
export function paintChevron(context: Context): void {
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = "#fff";
  context.shadowColor = "#fff";
  context.shadowBlur = 10;
  context.lineWidth = 5;
  context.beginPath();
  context.moveTo(-8, -16);
  context.lineTo(10, 0);
  context.lineTo(-8, 16);
  context.stroke();
}

function fillDisc(context: Context, radius: number, stops: Stops): void {
  const gradient = context.createRadialGradient(0, 0, 0, 0, 0, radius);
  addStops(gradient, stops);
  context.fillStyle = gradient;
  context.fillRect(-radius, -radius, radius * 2, radius * 2);
}

function fillAcross(context: Context, stops: Stops): void {
  const gradient = context.createLinearGradient(0, -16, 0, 16);
  addStops(gradient, stops);
  context.fillStyle = gradient;
  context.fillRect(-64, -16, 128, 32);
}

function addStops(gradient: CanvasGradient, stops: Stops): void {
  for (const [at, alpha] of stops) gradient.addColorStop(at, `rgba(255,255,255,${alpha})`);
}
