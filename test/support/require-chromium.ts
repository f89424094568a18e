/**
 * Runs once before the browser tests: finds a Chromium, or installs one, before any test's time-out is running.
 */
import { findOrInstallChromium } from "./chromium.ts";

export async function setup(): Promise<void> {
  process.env.CHROMIUM_PATH = await findOrInstallChromium();
}
