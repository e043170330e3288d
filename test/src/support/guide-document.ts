/** A step of the guide: a block of commands, and what the guide says that one sees. */
export interface GuideStep {
  readonly script: string;
  /** Lines that the output has, in this order; `…` stands for anything. */
  readonly seen: readonly string[];
}

/** A part of the guide with commands of its own: a scenario, an issue, or a section. */
export interface GuidePart {
  readonly title: string;
  readonly steps: readonly GuideStep[];
}

const BLOCK = /^(#{2,3}) (.+)$|^```(bash|text)\n([\s\S]*?)^```$/gm;

/** The guide's parts in their order, those with commands. A `text` block says what is seen after the block before it. */
export function readGuide(markdown: string): readonly GuidePart[] {
  const parts: { title: string; steps: { script: string; seen: readonly string[] }[] }[] = [];
  for (const [, , title, language, body = ''] of markdown.matchAll(BLOCK)) {
    if (title !== undefined) parts.push({ title, steps: [] });
    const steps = parts.at(-1)?.steps;
    const last = steps?.at(-1);
    if (language === 'bash') steps?.push({ script: body, seen: [] });
    else if (language === 'text' && last !== undefined)
      last.seen = body.split('\n').filter((line) => line.trim() !== '');
  }
  return parts.filter(({ steps }) => steps.length > 0);
}

/** The first line that the output should have and has not, after those before it; undefined when all are there. */
export function missingLine(output: string, seen: readonly string[]): string | undefined {
  const lines = output.split('\n').map(oneSpace);
  let from = 0;
  for (const line of seen) {
    const pattern = new RegExp(oneSpace(line).split('…').map(escaped).join('.*'));
    const at = lines.findIndex((text, index) => index >= from && pattern.test(text));
    if (at === -1) return line;
    from = at + 1;
  }
  return undefined;
}

function oneSpace(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
