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

  it('gives no path to a project whose name is reserved', () => {
    const paths = new RouteTable();
    paths.add('POST', '/v1/:project/users');
    paths.add('PUT', '/v1/:project/users/fields');
    paths.add('GET', '/v1/admin/users');
    paths.add('GET', '/v1/admin/users/:user_id');
    expect([paths.methodsOf('/v1/demo/users'), paths.isServed('/v1/:project/users', { project: 'demo' })]).toEqual([['POST'], true]);
    expect([paths.methodsOf('/v1/administration/users'), paths.isServed('/v1/:project/users', { project: 'administration' })]).toEqual([['POST'], true]);
    expect([paths.methodsOf('/v1/admin/users'), paths.isServed('/v1/:project/users', { project: 'admin' })]).toEqual([['GET'], false]);
    expect([paths.methodsOf('/v1/admin/users/fields'), paths.methodsOf('/v1/auth/users')]).toEqual([['GET'], []]);
  });

  it('takes the words of one path for no names of another, whatever the method', () => {
    const paths = new RouteTable();
    paths.add('GET', '/:project/users/:id');
    paths.add('DELETE', '/:project/users/:id');
    paths.add('GET', '/:project/users/count');
    paths.add('POST', '/:project/users/login');
    expect([paths.methodsOf('/demo/users/count'), paths.methodsOf('/demo/users/login'), paths.methodsOf('/demo/users/counts')]).toEqual([['GET'], ['POST'], ['DELETE', 'GET']]);
    const served = (id: string) => paths.isServed('/:project/users/:id', { project: 'demo', id });
    expect([served('count'), served('login'), served('counts')]).toEqual([false, false, true]);
    expect(paths.isServed('/:project/users/count', { project: 'demo' })).toBe(true);
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
