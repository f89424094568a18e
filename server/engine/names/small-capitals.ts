/**
 * Small capitals: letters of phonetics, drawn as capitals but no higher than small letters. Unicode gives them no case, no
 * compatibility form and mostly no prototype, and yet a player who reads ᴀᴄᴇ reads ACE. Here are those that Unicode names
 * LETTER SMALL CAPITAL of a letter that has both cases: ᴛ, but not ᴚ, which is the capital of no other letter.
 */

/** Each small letter, and its small capital. */
const PAIRS =
  "aᴀ bʙ cᴄ dᴅ eᴇ fꜰ gɢ hʜ iɪ jᴊ kᴋ lʟ mᴍ nɴ oᴏ pᴘ qꞯ rʀ sꜱ tᴛ uᴜ vᴠ wᴡ yʏ zᴢ " +
  "æᴁ ðᴆ łᴌ œɶ ȣᴕ ǝⱻ ɔᴐ ɠʛ ɬ𝼄 ʒᴣ ʞ𝼐 γᴦ λᴧ πᴨ ρᴩ ψᴪ ωꭥ лᴫ";

const smallLetters = new Map(
  PAIRS.split(" ").map((pair) => {
    const [letter, smallCapital] = pair;
    return [smallCapital, letter];
  }),
);
const SMALL_CAPITAL = new RegExp(`[${[...smallLetters.keys()].join("")}]`, "gu");

export function withoutSmallCapitals(text: string): string {
  return text.replace(SMALL_CAPITAL, (smallCapital) => smallLetters.get(smallCapital) ?? smallCapital);
}
