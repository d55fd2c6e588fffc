import type { Concept } from './contents.js';

/*
 * Concepts that stand where an allergy stands and say that there is none: systems without a statement of their own send
 * them. Listed as an allergy, "no known allergy" would be one.
 */
const snomed = 'http://snomed.info/sct';
const ips = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';

/** No allergy at all is known: what the statement says. */
const none = new Set([
  `${snomed} 716186003`,
  // Inactive since 716186003 took its place, and still sent.
  `${snomed} 160244002`,
  `${ips} no-known-allergies`,
]);

/** None of some kind is known, or nobody asked. */
const partly = new Set([
  // Drugs, the environment, food, insects, latex, animals; the patient was not asked.
  ...['409137002', '428607008', '429625007', '428197003', '716184000', '716220001', '1631000175102'].map(
    (code) => `${snomed} ${code}`,
  ),
  ...['medication', 'environmental', 'food'].map((kind) => `${ips} no-known-${kind}-allergies`),
  `${ips} no-allergy-info`,
]);

/** The same in words, by itself: "No known allergies", "NKDA", "aucune allergie connue". */
const saidInWords =
  /^(nk(d|f)?a|(no|nil|none|without)( known)?( (drug|food|latex))? allerg(y|ies)( known)?|(aucune|pas d'|sans)\s?allergies?( connues?)?)\.?$/;

/** Where the concept says that there is no allergy, and how much of one; undefined for an allergy. */
export function deniedIn({ text, coding = [] }: Concept): { path: string; isWhole: boolean } | undefined {
  for (const [index, { system, code }] of coding.entries()) {
    const name = `${system} ${code}`;
    if (none.has(name) || partly.has(name)) return { path: `code.coding[${index}].code`, isWhole: none.has(name) };
  }
  const words = text.toLowerCase().replace(/[’ʼ]/g, "'");
  return saidInWords.test(words) ? { path: 'code.text', isWhole: !/drug|food|latex|^nk[df]/.test(words) } : undefined;
}
