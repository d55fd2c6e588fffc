import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { InvalidInput } from '@cabinet/kit/errors';
import type { ExpectedVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { TemplateUnknown } from '../errors.js';
import type { Templates, TemplateVersion } from '../ports.js';
import { type Language, languages } from './language.js';
import {
  assertFitsSms,
  readTemplateText,
  samplesOf,
  type Template,
  type TemplateName,
  type TemplateText,
  templateNames,
  Unwritable,
  type Written,
  write,
} from './template.js';
import { fileTemplate } from './template-files.js';

export interface TemplateHistory {
  template: Template;
  /** The text that came with the platform, to compare with. */
  file: Template;
  versions: TemplateVersion[];
}

export class KeepTemplates {
  constructor(
    private readonly templates: Templates,
    private readonly clock: Clock,
  ) {}

  list(): Promise<Template[]> {
    return this.templates.all();
  }

  /** @throws TemplateUnknown (404) */
  async get(name: string, language: string): Promise<TemplateHistory> {
    const which = known(name, language);
    const [template, versions] = await Promise.all([
      this.templates.current(which.name, which.language),
      this.templates.history(which.name, which.language),
    ]);
    return { template, file: fileTemplate(which.name, which.language), versions };
  }

  /** @throws TemplateUnknown (404), 412, 428, InvalidInput (422) */
  async set(
    [name, language]: [name: string, language: string],
    given: TemplateText,
    expected: ExpectedVersion,
    actor: Principal,
  ): Promise<TemplateHistory> {
    const which = known(name, language);
    if (!wasStoredBefore()) {
      const text = readTemplateText(which.name, given);
      preview({ ...which, version: '', ...text });
      await this.templates.set(which, text, expected, { id: actor.id, at: this.clock.now() });
    }
    return this.get(name, language);
  }

  /** What a text would look like, with sample data. @throws TemplateUnknown (404), InvalidInput (422) */
  async preview(name: string, language: string, given?: TemplateText): Promise<Written> {
    const which = known(name, language);
    const text = given && readTemplateText(which.name, given);
    return preview(
      text ? { ...which, version: '', ...text } : await this.templates.current(which.name, which.language),
    );
  }
}

function preview(template: Template): Written {
  try {
    const written = write(template, samplesOf(template.name, template.language));
    assertFitsSms(written.short);
    return written;
  } catch (error) {
    if (!(error instanceof Unwritable)) throw error;
    throw new InvalidInput([{ path: 'short', code: 'TOO_LONG', message: error.message }]);
  }
}

function known(name: string, language: string): { name: TemplateName; language: Language } {
  const found = templateNames.find((each) => each === name);
  const its = languages.find((each) => each === language);
  if (!found || !its) throw new TemplateUnknown();
  return { name: found, language: its };
}
