import { cleanName } from "@starwake/server/engine/names.ts";
import { expect, test } from "vitest";

test.for([
  ["Ada", "Ada"],
  ["  Ada   Lovelace ", "Ada Lovelace"],
  ["", ""],
  ["   ", ""],
  ["Жанна", "Жанна"],
  ["星の航跡", "星の航跡"],
  ["Zoë", "Zoë"],
  ["Zoe\u0308", "Zoë"],
  ["🚀 ace", "🚀 ace"],
  ["O'Neil-2.0_*!?~+", "O'Neil-2.0_*!?~+"],
  ["sixteen letters!", "sixteen letters!"],
  ["🚀".repeat(16), "🚀".repeat(16)],
])("%j is shown as %j", ([typed, shown]) => {
  expect(cleanName(typed)).toBe(shown);
});

test.for([
  ["10,000 characters", "x".repeat(10_000)],
  ["seventeen characters", "x".repeat(17)],
  ["a line break", "one\ntwo"],
  ["a tab", "one\ttwo"],
  ["the character 0", "a\u0000b"],
  ["an escape sequence", "\u001b[31mred"],
  ["a control character of the second set", "a\u0085b"],
  ["a right-to-left override", "a\u202egnp.exe"],
  ["a bidirectional isolate", "a\u2066b\u2069"],
  ["a right-to-left mark", "a\u200fb"],
  ["a zero-width joiner", "a\u200db"],
  ["a zero-width space", "a\u200bb"],
  ["a byte order mark", "a\ufeffb"],
  ["a space that breaks no line", "a\u00a0b"],
  ["half of a pair", "a\ud83d"],
  ["letters of private use", "a\ue000b"],
  ["marks piled on a letter", `z${"\u0335".repeat(8)}`],
  ["a mark with nothing below it", "\u0335z"],
  ["an HTML element", "<b>bold</b>"],
  ["a script", "<script>x</script>"],
  ["an HTML entity", "&lt;b&gt;"],
  ["a quote that ends an attribute", '"onload=x'],
])("a name with %s is refused", ([, typed]) => {
  expect(cleanName(typed)).toBeUndefined();
});
