import { type Fault, faultNames } from './faults.ts';
import { people } from './people.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const page = (title: string, content: string): string => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${title}</title>
<body style="font: 1rem/1.5 system-ui; max-width: 48rem; margin: 2rem auto; padding: 0 1rem"><h1>${title}</h1>${content}</body></html>`;

/** In the place of the sign-in page. */
export const choosePersonPage = (query: string): string =>
  page(
    'Who signs in?',
    `<ul>${people
      .map(({ email, roles }) => {
        const address = `/api/oidc/auth?${escaped(query)}&amp;chosen=${encodeURIComponent(email)}`;
        return `<li><a href="${address}">${email}</a> (${roles.join(', ')})</li>`;
      })
      .join('')}</ul>`,
  );

/** Where faults are wanted, at `/mock`. */
export const faultsPage = (operations: readonly string[], wanted: readonly Fault[]): string =>
  page(
    'What is to go wrong',
    `<ul>${wanted
      .map(({ operation, answers = 'late', delayMs = 0, times = 'always' }) => {
        return `<li>${escaped(operation)}: ${answers}, after ${delayMs} ms, times: ${times}</li>`;
      })
      .join('')}</ul>
<form method="post" action="/mock/faults"><p><label>Operation <select name="operation"><option>*</option>
${operations.map((each) => `<option>${escaped(each)}</option>`).join('')}</select></label></p>
<p><label>answers <select name="answers"><option value="">as it should</option>
${faultNames.map((each) => `<option>${each}</option>`).join('')}</select></label>
<label>after <input name="delayMs" type="number" min="0" max="60000" value="0" size="6"> ms</label>
<label>this often <input name="times" type="number" min="1" max="1000" size="4" placeholder="always"></label></p>
<p><button>Let it happen</button></p></form>
<form method="post" action="/mock/clear"><button>Let all be well</button></form>
<form method="post" action="/mock/end-sessions"><button>End all sign-ins</button></form>`,
  );
