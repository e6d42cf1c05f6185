import { Places } from './places.js';

describe('Places', () => {
  let entered: string[];
  let places: Places;
  beforeEach(() => {
    jest.useFakeTimers();
    entered = [];
    places = new Places(2, 1_000);
  });
  afterEach(() => jest.useRealTimers());

  const enter = (name: string): Promise<() => void> =>
    places.take().then((leave) => {
      entered.push(name);
      return leave;
    });
  const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

  it('are given out in turn', async () => {
    const leave = await enter('a');
    await enter('b');
    void enter('c');
    void enter('d');
    await settle();
    expect(entered).toEqual(['a', 'b']);
    leave();
    await settle();
    expect(entered).toEqual(['a', 'b', 'c']);
    leave();
    await settle();
    expect(entered).toEqual(['a', 'b', 'c']);
  });

  it('are not kept from others by those that hang', async () => {
    const late = await enter('a');
    await enter('b');
    void enter('c');
    void enter('d');
    void enter('e');
    await jest.advanceTimersByTimeAsync(999);
    expect(entered).toEqual(['a', 'b']);
    await jest.advanceTimersByTimeAsync(1);
    expect(entered).toEqual(['a', 'b', 'c', 'd']);
    late();
    await settle();
    expect(entered).toEqual(['a', 'b', 'c', 'd']);
  });
});
