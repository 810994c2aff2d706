export default async function globalTeardown() {
  await globalThis.rollcall?.stop();
}
