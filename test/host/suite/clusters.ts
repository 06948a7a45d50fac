suite('Clusters', () => {
  test('pending');
});
