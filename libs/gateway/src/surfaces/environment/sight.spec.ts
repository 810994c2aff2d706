import { describe, expect, it } from '@jest/globals';
import { sightOf } from './sight.js';

const chrome = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/102.0.5005.61 Safari/537.36';
const mobileChrome = 'Mozilla/5.0 (Linux; Android 10; SM-A015F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/102.0.0.0 Mobile Safari/537.36';

describe('what an end user\'s request tells of what they use', () => {
  it.each<[agent: string, platform: string | null, device: string | null]>([
    [chrome, 'browser', chrome],
    [mobileChrome, 'browser', mobileChrome],
    ['Android 10; SM-A015F', 'android', 'Android 10; SM-A015F'],
    ['Dalvik/2.1.0 (Linux; U; Android 10; SM-A015F Build/QP1A.190711.020)', 'android', 'Android 10; SM-A015F'],
    ['Mozilla/5.0 (Linux; Android 12; Pixel 6 Build/SD1A.210817.023; wv) AppleWebKit/537.36 Version/4.0 Chrome/94.0 Mobile Safari/537.36', 'android', 'Android 12; Pixel 6'],
    ['MyApp/1.0 (Android 13)', 'android', 'Android 13'],
    ['okhttp/4.9.0 Android', 'android', 'okhttp/4.9.0 Android'],
    ['App/1.0 (iPhone; iOS 15.5; Scale/3.00)', 'ios', 'iOS 15.5; iPhone'],
    ['App/1.0 (com.example.app; build:1; iOS 15.5.0) Alamofire/5.6.1', 'ios', 'iOS 15.5.0'],
    ['iPhone14,2', 'ios', 'iPhone14,2'],
    ['MyApp/1 CFNetwork/1333.0.4 Darwin/21.5.0', 'ios', 'MyApp/1 CFNetwork/1333.0.4 Darwin/21.5.0'],
    ['curl/7.88.1', null, null],
    ['', null, null],
  ])('reads %s', (agent, platform, device) => {
    expect(sightOf({ headers: { 'user-agent': agent } })).toEqual({ platform, device, sdkVersion: null });
  });

  it('knows the version of the SDK, and cuts what is too long for anybody', () => {
    expect(sightOf({ headers: { 'x-sdk-version': ' 0.19.2 ' } })).toEqual({ platform: null, device: null, sdkVersion: '0.19.2' });
    const { device, sdkVersion } = sightOf({ headers: { 'user-agent': `Mozilla/${'x'.repeat(10_000)}`, 'x-sdk-version': '1'.repeat(10_000) } });
    expect([device?.length, sdkVersion?.length]).toEqual([512, 64]);
  });
});
