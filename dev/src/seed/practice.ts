import { Random } from './random.ts';
import { familyNames, femaleNames, maleNames, specialities, streets, type Town, towns } from './vocabulary.ts';

export interface SeededPractitioner {
  rpps: string;
  town: Town;
  columns: Record<string, string>;
}

export interface SeededPatient {
  ins: string;
  columns: Record<string, string>;
}

/** Weekly hours of every practitioner of the demonstration, on the clock of their place. */
export const weeklyHours = [
  { startTime: '09:00', endTime: '12:00' },
  { startTime: '14:00', endTime: '18:00' },
];
export const workingDays = ['mon', 'tue', 'wed', 'thu', 'fri'];
export const consultation = { name: 'Consultation', minutes: 30 };
const types = [consultation, { name: 'Première consultation', minutes: 45 }, { name: 'Certificat', minutes: 15 }];

const twoDigits = (n: number) => String(n).padStart(2, '0');
const numbered = (n: number, digits: number) => String(n).padStart(digits, '0');

// 06 39 98 00 00 to 06 39 98 99 99 are numbers that nobody gets (kept for fiction by the French regulator).
const phone = (n: number) => `063998${numbered(n % 10_000, 4)}`;

/** RPPS numbers of the range that the national test cards have (997...), with their Luhn digit. */
function testRpps(n: number): string {
  const body = `997${numbered(n, 7)}`;
  const sum = [...body].reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** Forty practitioners; the first is the one of the seeded login dr.bernard@cabinet.test. */
export function seededPractitioners(count = 40): SeededPractitioner[] {
  const random = new Random(1789);
  return Array.from({ length: count }, (_, index) => {
    const town = index === 0 ? (towns[0] as Town) : random.pick(towns);
    const rpps = testRpps(index + 1);
    const columns = {
      familyName: index === 0 ? 'Bernard' : random.pick(familyNames),
      givenNames: index === 0 ? 'Claire' : random.pick(random.chance(0.5) ? femaleNames : maleNames),
      rpps,
      specialities: index === 0 ? 'Médecine générale' : random.pick(specialities),
      phone: phone(9_000 + index),
      email: `practitioner${index + 1}@cabinet.test`,
      placeName: `Cabinet ${town.city}`,
      placeAddressLine: `${random.between(1, 120)} ${random.pick(streets)}`,
      placePostalCode: town.postalCode,
      placeCity: town.city,
      placeZone: town.zone,
      appointmentTypes: types.map(({ name, minutes }) => `${name}:${minutes}`).join('|'),
    };
    return { rpps, town, columns };
  });
}

/** Two thousand patients; the first is the one of the seeded login alice@cabinet.test. */
export function seededPatients(count = 2_000): SeededPatient[] {
  const random = new Random(1848);
  const orders = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const isFemale = index === 0 || random.chance(0.52);
    const year = index === 0 ? 1988 : random.between(1932, 2025);
    const month = random.between(1, 12);
    const day = random.between(1, 28);
    const stem = `${isFemale ? 2 : 1}${twoDigits(year % 100)}${twoDigits(month)}`;
    const order = (orders.get(stem) ?? 0) + 1;
    orders.set(stem, order);
    const ins = withKey(`${stem}99999${numbered(order, 3)}`);
    const familyName = index === 0 ? 'Martin' : random.pick(familyNames);
    const givenName = index === 0 ? 'Alice' : random.pick(isFemale ? femaleNames : maleNames);
    const town = random.pick(towns);
    const columns = {
      familyName,
      givenNames: random.chance(0.3) ? `${givenName}|${random.pick(isFemale ? femaleNames : maleNames)}` : givenName,
      birthName: isFemale && year < 1995 && random.chance(0.4) ? random.pick(familyNames) : '',
      birthDate: `${year}-${twoDigits(month)}-${twoDigits(day)}`,
      gender: isFemale ? 'female' : 'male',
      ins,
      phone: phone(index),
      email: index === 0 ? 'alice@cabinet.test' : `patient${index + 1}@cabinet.test`,
      addressLine: `${random.between(1, 120)} ${random.pick(streets)}`,
      postalCode: town.postalCode,
      city: town.city,
      country: town.country,
    };
    return { ins, columns };
  });
}

// The key of a NIR: 97 less the remainder of the thirteen digits by 97.
const withKey = (digits: string): string => `${digits}${twoDigits(97 - Number(BigInt(digits) % 97n))}`;

const weeks = 5;

/** Alice comes to Dr Bernard at nine, on four days of last week and of the week after next: one may be a public holiday. */
const isForAlice = (practitioner: number, week: number, weekday: number, time: string) =>
  practitioner === 0 && (week === 0 || week === 3) && weekday !== 1 && time === '09:00';

/** The last day before `today` on which the practice was open. */
function lastWorkingDay(today: Date): string {
  const day = new Date(today);
  do day.setUTCDate(day.getUTCDate() - 1);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6);
  return dateOf(day);
}

const dateOf = (at: Date): string => at.toISOString().slice(0, 10);

/**
 * One month of consultations: about a third of each agenda is taken. A patient comes once a day at most. Those of the first
 * practitioner begin on the Monday of the week before `today`; those of the others on the last working day, for what became of each that
 * is past is to be recorded.
 */
export function seededAppointments(
  practitioners: SeededPractitioner[],
  patients: SeededPatient[],
  today: Date,
): Record<string, string>[] {
  const random = new Random(1905);
  const monday = new Date(today);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7) - 7);
  const othersFrom = lastWorkingDay(today);
  const appointments: Record<string, string>[] = [];
  for (let week = 0; week < weeks; week += 1) {
    for (let weekday = 0; weekday < workingDays.length; weekday += 1) {
      const date = new Date(monday);
      date.setUTCDate(date.getUTCDate() + week * 7 + weekday);
      const seen = new Set<string>();
      for (const [index, { rpps, town }] of practitioners.entries()) {
        if (index > 0 && dateOf(date) < othersFrom) continue;
        for (const time of halfHours()) {
          const isAlice = isForAlice(index, week, weekday, time);
          if (!isAlice && !random.chance(0.3)) continue;
          const { ins } = isAlice ? (patients[0] as SeededPatient) : random.pick(patients);
          if (seen.has(ins)) continue;
          seen.add(ins);
          appointments.push({
            patientIns: ins,
            practitionerRpps: rpps,
            appointmentType: consultation.name,
            start: `${dateOf(date)}T${time}:00${offsetOn(date, town.zone)}`,
          });
        }
      }
    }
  }
  return appointments;
}

function halfHours(): string[] {
  return weeklyHours.flatMap(({ startTime, endTime }) => {
    const times: string[] = [];
    for (let hour = Number(startTime.slice(0, 2)); hour < Number(endTime.slice(0, 2)); hour += 1) {
      times.push(`${twoDigits(hour)}:00`, `${twoDigits(hour)}:30`);
    }
    return times;
  });
}

// Working hours lie far from midnight, so the offset at noon is the one of the whole working day.
function offsetOn(date: Date, zone: string): string {
  const noon = new Date(`${date.toISOString().slice(0, 10)}T12:00:00Z`);
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(noon);
  return parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') || '+00:00';
}

/** Rows as CSV with a header; every value is quoted. */
export function toCsv(rows: Record<string, string>[]): string {
  const header = Object.keys(rows[0] ?? {});
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  return [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))]
    .map((cells) => `${cells.map(quoted).join(',')}\n`)
    .join('');
}
