import { describe, expect, it } from '@jest/globals';
import { RouteTable } from './route-table.js';

describe('the route table', () => {
  const table = new RouteTable();
  table.add('GET', '/v1/users/:uid');
  table.add('PUT', '/v1/users/:uid');
  table.add('POST', '/:project/users/login');

  it('knows the methods of a path, whatever its query', () => {
    expect(table.methodsOf('/v1/users/u1?x=1')).toEqual(['GET', 'PUT']);
    expect(table.methodsOf('/demo/users/login')).toEqual(['POST']);
  });

  it('knows none for a path that is not there', () => {
    expect(table.methodsOf('/v1/users/u1/nothing')).toEqual([]);
    expect(table.methodsOf('/v1/users//')).toEqual([]);
  });

  it('knows what pages may call: by the route that is served, not by another whose pattern fits too', () => {
    const pages = new RouteTable();
    pages.add('POST', '/v1/users/:uid/:what', true);
    pages.add('POST', '/v1/users/:uid/merge');
    pages.add('PUT', '/v1/users/:uid', true);
    pages.add('GET', '/v1/users/:uid');
    expect(pages.pageMethodsOf('/v1/users/u1?x=1')).toEqual(['PUT']);
    expect(pages.pageMethodsOf('/users/u1')).toEqual(['PUT']);
    expect(pages.pageMethodsOf('/v1/users/u1/tags')).toEqual(['POST']);
    expect(pages.pageMethodsOf('/v1/users/u1/merge')).toEqual([]);
  });
});
