const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `visit-reason` as `VisitReason`. */
export const pascalCase = (name: string): string => name.split('-').map(capitalised).join('');

/** `visit-reason` as `visitReason`. */
export const camelCase = (name: string): string => name.split('-').reduce((all, word) => all + capitalised(word));
