/**
 * The wordmark: STARWAKE drawn as one-stroke letters, so that it looks the same with any font. They mask one gradient
 * that runs through the whole word.
 */

const LETTER_PITCH = 66;
const LETTERS = [
  "M46 8H18Q7 8 7 19.5Q7 31 18 31.5L35 32.5Q46 33 46 44.5Q46 56 35 56H6",
  "M3 8H50M26.5 8V56",
  "M3 56L26.5 8L50 56M26.5 42V43",
  "M8 56V8H34Q46 8 46 20Q46 32 34 32H20M30 33L47 56",
  "M1 8L14 56L26.5 18L39 56L52 8",
  "M3 56L26.5 8L50 56M26.5 42V43",
  "M8 8V56M46 8L14 32L48 56",
  "M47 8H8V56H47M20 32H40",
] as const;

export function Wordmark() {
  return (
    <svg class="wordmark" viewBox="-8 -4 534 72" role="img" aria-label="Starwake">
      <defs>
        <linearGradient id="wordmark-ink" x1="0" y1="0" x2="520" y2="0" gradientUnits="userSpaceOnUse">
          <stop offset="0" stop-color="#7df3ff" />
          <stop offset="0.45" stop-color="#6aa8ff" />
          <stop offset="0.75" stop-color="#b07bff" />
          <stop offset="1" stop-color="#ff6bd0" />
        </linearGradient>
      </defs>
      <mask id="wordmark-letters" maskUnits="userSpaceOnUse" x="-8" y="-4" width="534" height="72">
        {LETTERS.map((path, index) => (
          <path key={index * LETTER_PITCH} d={path} transform={`translate(${index * LETTER_PITCH} 0)`} />
        ))}
      </mask>
      <rect x="-8" y="-4" width="534" height="72" fill="url(#wordmark-ink)" mask="url(#wordmark-letters)" />
    </svg>
  );
}
