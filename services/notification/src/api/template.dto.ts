import type { TemplateHistory } from '../domain/templates/keep-templates.js';
import { type Template, termsOf, variables } from '../domain/templates/template.js';
import type { Instant, LanguageDto } from './common.dto.js';

/** Variables stand in double braces: `{{visits}}`. Which there are depends on what is said. */
export interface TemplateRequest {
  /**
   * One line.
   * @minLength 1
   * @maxLength 150
   * @example "Appointment reminder – {{practice}}"
   */
  subject: string;
  /**
   * Of a mail; its HTML is made of it.
   * @minLength 1
   * @maxLength 5000
   * @example "Dear {{recipient}},\n\nThis is a reminder of {{yourVisit}}:\n{{visits}}\n\n{{practice}}"
   */
  text: string;
  /**
   * Of an SMS or a push.
   * @minLength 1
   * @maxLength 400
   * @example "{{practice}}: reminder, {{times}}. {{link}}"
   */
  short: string;
}

export interface TemplateResponse {
  /** @example "reminder" */
  name: string;
  language: LanguageDto;
  /**
   * `file:1` as it came with the platform, `practice:3` as the practice set it.
   * @example "practice:1"
   */
  version: string;
  subject: string;
  text: string;
  short: string;
}

export interface TemplateList {
  items: TemplateResponse[];
}

export interface TemplateVariableDto {
  name: string;
  /** What it stands for. */
  about: string;
  sample: string;
  /** Without it the text of a mail is not taken. */
  isNeeded: boolean;
}

export interface TemplateVersionDto {
  /**
   * From 1.
   * @isInt
   */
  nth: number;
  subject: string;
  text: string;
  short: string;
  /** User id. */
  setBy: string;
  setAt: Instant;
}

/** A template with where it comes from; its ETag is how often the practice has set it. */
export interface TemplateDetails extends TemplateResponse {
  variables: TemplateVariableDto[];
  /** As it came with the platform. */
  file: TemplateResponse;
  /** As the practice set it, the newest first. */
  versions: TemplateVersionDto[];
}

/** What a message would look like, with sample data. */
export interface TemplatePreview {
  subject: string;
  text: string;
  html: string;
  short: string;
}

export const toTemplateResponse = ({ name, language, version, subject, text, short }: Template): TemplateResponse => ({
  name,
  language,
  version,
  subject,
  text,
  short,
});

export const toTemplateDetails = ({ template, file, versions }: TemplateHistory): TemplateDetails => ({
  ...toTemplateResponse(template),
  variables: termsOf[template.name].knows.map((name) => ({
    name,
    about: variables[name].about,
    sample: variables[name][template.language],
    isNeeded: termsOf[template.name].needs.includes(name),
  })),
  file: toTemplateResponse(file),
  versions: versions.map(({ setAt, ...its }) => ({ ...its, setAt: setAt.toISOString() })),
});
