import type { FieldError, FieldErrors } from '@cabinet/kit/errors';
import { foldName, tidy } from '@cabinet/people/names';
import { nomenclature } from './nomenclature.js';
import type { Speciality } from './practitioner.js';

/** The code of each name that only one code has: oral surgery is one of doctors and another one of dentists. */
const codeByName = new Map(
  [...Map.groupBy(Object.entries(nomenclature), ([, name]) => foldName(name))]
    .filter(([, entries]) => entries.length === 1)
    .map(([name, [entry]]) => [name, entry?.[0]]),
);

/**
 * Checks specialities and completes them from the nomenclature: a known code gets its name, an exact name its code. Any
 * other name stays as it is, and a code that is not in our copy of the nomenclature needs a name.
 */
export function readSpecialities(
  specialities: readonly Partial<Speciality>[],
  path: string,
  errors: FieldErrors,
): Speciality[] {
  const read = specialities.map((speciality, index) => readSpeciality(speciality, `${path}[${index}]`, errors));
  return [...new Map(read.map((speciality) => [speciality.code ?? foldName(speciality.display), speciality])).values()];
}

function readSpeciality(sent: Partial<Speciality>, path: string, errors: FieldErrors): Speciality {
  const code = sent.code === undefined ? undefined : tidy(sent.code).toUpperCase();
  const display = tidy(sent.display ?? '');
  if (code !== undefined && !/^[A-Z]{1,4}\d{1,4}$/.test(code)) {
    errors.add(`${path}.code`, 'NO_CODE', 'must be a code of TRE_R38, like SM54');
  }
  if (display.length > 150) errors.add(`${path}.display`, 'TOO_LONG', 'has more than 150 characters');
  const official = code && Object.hasOwn(nomenclature, code) ? nomenclature[code] : undefined;
  if (code) {
    if (!official && display === '')
      errors.add(`${path}.display`, 'REQUIRED', 'is needed for a code that is not known');
    return { code, display: official ?? display };
  }
  if (!/\p{L}/u.test(display))
    errors.add(`${path}.display`, 'REQUIRED', 'must name the speciality when there is no code');
  const found = codeByName.get(foldName(display));
  return found ? { code: found, display: nomenclature[found] ?? display } : { display };
}

/** Codes to look at: they may be newer than our copy of the nomenclature, or mistyped. */
export const doubtsAboutSpecialities = (specialities: readonly Speciality[]): FieldError[] =>
  specialities.flatMap(({ code }, index) =>
    code === undefined || Object.hasOwn(nomenclature, code)
      ? []
      : [
          {
            path: `specialities[${index}].code`,
            code: 'UNKNOWN_CODE',
            message: 'is not in our copy of the nomenclature TRE_R38',
          },
        ],
  );
