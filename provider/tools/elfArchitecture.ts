/** How much of a file tells its architecture. */
export const elfHeader = 20;

/** By e_machine, in node's words. */
const architectures: Readonly<Record<number, string>> = {
  0x03: "ia32",
  0x15: "ppc64le",
  0x16: "s390x",
  0x28: "arm",
  0x3e: "x64",
  0xb7: "arm64",
  0xf3: "riscv64",
  0x102: "loong64",
};

/** What a program for Linux runs on, by its first bytes, in node's words ("x64"); undefined where it is no such program. */
export function elfArchitecture(start: Buffer): string | undefined {
  if (start.length < elfHeader || start.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const isBigEndian = start[5] === 2;
  const machine = isBigEndian ? start.readUInt16BE(18) : start.readUInt16LE(18);
  return architectures[machine] ?? `e_machine ${machine}`;
}
