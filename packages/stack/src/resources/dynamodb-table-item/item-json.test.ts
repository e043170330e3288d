import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSameItem, itemText, keyText, parseItem } from './item-json.js';

describe('the JSON of an item', () => {
  test('goes to the SDK and back unchanged', () => {
    const text =
      '{"b":{"B":"AAEC"},"bs":{"BS":["/w=="]},"f":{"BOOL":false},"l":{"L":[{"N":"1"},{"NULL":true}]},' +
      '"m":{"M":{"x":{"S":""}}},"ns":{"NS":["1","2"]},"s":{"S":"\\u003c"},"ss":{"SS":["a"]}}';
    assert.equal(itemText(parseItem(text)), text);
  });

  test('is compared as DynamoDB compares: numbers by value, sets without order', () => {
    const item = (attribute: string) => `{"a":${attribute}}`;
    const same: [string, string][] = [
      ['{"N":"1.50"}', '{"N":"15e-1"}'],
      ['{"N":"-0"}', '{"N":"0.0"}'],
      ['{"N":"100000000000000000000000000000000000001"}', '{"N":"100000000000000000000000000000000000001.0"}'],
      ['{"NS":["1","2"]}', '{"NS":["2.0","1"]}'],
      ['{"SS":["a","b"]}', '{"SS":["b","a"]}'],
      ['{"L":[{"M":{"x":{"N":"1"},"y":{"S":""}}}]}', '{"L":[{"M":{"y":{"S":""},"x":{"N":"1.0"}}}]}'],
    ];
    for (const [left, right] of same) assert.ok(isSameItem(item(left), item(right)), `${left} ${right}`);
    const different: [string, string][] = [
      ['{"N":"1"}', '{"N":"-1"}'],
      ['{"N":"1"}', '{"S":"1"}'],
      ['{"L":[{"S":"a"},{"S":"b"}]}', '{"L":[{"S":"b"},{"S":"a"}]}'],
      ['{"N":"100000000000000000000000000000000000001"}', '{"N":"100000000000000000000000000000000000002"}'],
    ];
    for (const [left, right] of different) assert.ok(!isSameItem(item(left), item(right)), `${left} ${right}`);
  });

  test('shows key components in ids', () => {
    const item = parseItem('{"s":{"S":"x|y"},"n":{"N":"1.50"},"b":{"B":"AAEC"}}');
    assert.deepEqual(
      ['s', 'n', 'b', 'none'].map((name) => keyText(item, name)),
      ['x|y', '1.50', 'AAEC', ''],
    );
  });
});
