import type { FastifyRequest } from 'fastify';
import type { profiles } from '#libs/contracts';

const longestDevice = 512;
const longestVersion = 64;

/** What an end user's request tells of what they use: `User-Agent`, and `X-SDK-Version` of who has an SDK. */
export function sightOf({ headers }: Pick<FastifyRequest, 'headers'>): profiles.Sight {
  const agent = clean(headers['user-agent'], longestDevice);
  const platform = platformOf(agent);
  return { platform, device: deviceOf(platform, agent), sdkVersion: clean(headers['x-sdk-version'], longestVersion) };
}

/** An app on Android or iOS names its system, and so does a page inside of one (`; wv)`); whatever else calls itself Mozilla is a browser. */
function platformOf(agent: string | null): profiles.Sight['platform'] {
  if (agent === null) return null;
  const isWebView = /; wv\)/.test(agent);
  if (agent.startsWith('Mozilla/') && !isWebView) return 'browser';
  if (/\bAndroid\b/.test(agent)) return 'android';
  return /\b(?:(?:iOS|iPadOS|Darwin|CFNetwork)\b|iPhone|iPad|iPod)/.test(agent) ? 'ios' : null;
}

function deviceOf(platform: profiles.Sight['platform'], agent: string | null): string | null {
  if (agent === null || platform === null || platform === 'browser') return platform === null ? null : agent;
  if (platform === 'android') {
    // `Dalvik/2.1.0 (Linux; U; Android 10; SM-A015F Build/QP1A.190711.020)`
    const [, system, model] = /\b(Android [\d.]+)(?:; (?:[a-z]{2}[-_][A-Za-z]{2}; )?([^;()]+?))?(?: Build\/[^;)]*)?(?:; wv)?(?:[;)]|$)/.exec(agent) ?? [];
    return system === undefined ? agent : model === undefined ? system : `${system}; ${model}`;
  }
  // `App/1.0 (iPhone; iOS 15.5; Scale/3.00)`, `App/1 (com.example; build:1; iPadOS 15.5.0) Alamofire/5.6`
  const [, system, version] = /\b(iOS|iPadOS)[ /]([\d.]+)/.exec(agent) ?? [];
  const [model] = /\b(?:iPhone|iPad|iPod)[\d,]*/.exec(agent) ?? [];
  return system === undefined ? (model ?? agent) : `${system} ${version}${model === undefined ? '' : `; ${model}`}`;
}

function clean(header: string | string[] | undefined, length: number): string | null {
  const text = (typeof header === 'string' ? header : (header?.[0] ?? '')).replaceAll('\0', '').trim().slice(0, length);
  return text === '' ? null : text;
}
