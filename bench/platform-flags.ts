import { readRunFile } from '../dev/src/run-file.ts';

/** V8's flags with which the run file runs a process, so that what is measured is what runs. */
export function platformFlags(name: string): string[] {
  const app = readRunFile().apps.find((each) => each.name === name);
  if (!app) throw new Error(`the run file has no ${name}`);
  const ofCommand = app.command.filter((word) => /^--(?!env-file)/.test(word));
  return [...(app.env.NODE_OPTIONS?.split(' ') ?? []), ...ofCommand];
}
