export const text = {
  "second.numbers": "numbers",
};
