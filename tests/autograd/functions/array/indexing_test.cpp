#include "autograd/functions/array/indexing.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Array kTable = matrix({3, 4}, {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23});
const Array kMask = Array::of<bool>({true, false, true});

TEST(GetItem, TakesSlicesAsPythonDoes) {
  EXPECT_THAT(values(get_item(kTable, 1)), ElementsAre(10, 11, 12, 13));
  EXPECT_THAT(values(get_item(kTable, -1)), ElementsAre(20, 21, 22, 23));
  EXPECT_THAT(values(get_item(kTable, {Slice(0, 2), 1})), ElementsAre(1, 11));
  EXPECT_THAT(values(get_item(kTable, {0, Slice({}, {}, 2)})), ElementsAre(0, 2));
  EXPECT_THAT(values(get_item(kTable, {0, Slice({}, {}, -1)})), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(values(get_item(kTable, {0, Slice(3, 0, -2)})), ElementsAre(3, 1));
  EXPECT_THAT(values(get_item(kTable, {0, Slice(-2, {})})), ElementsAre(2, 3));
  EXPECT_THAT(values(get_item(kTable, {0, Slice(-9, 99)})), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(values(get_item(kTable, {0, Slice(99, -9, -3)})), ElementsAre(3, 0));
  EXPECT_EQ(shape_of(get_item(kTable, {Slice(2, 1), 1})), "(0)");
  EXPECT_EQ(shape_of(get_item(kTable, {1, 2})), "()");
  EXPECT_EQ(shape_of(get_item(kTable, {})), "(3, 4)");
  EXPECT_EQ(get_item(kTable, {Slice(0, 2), 1}).array().storage(), kTable.storage());
}

TEST(GetItem, TakesMasksWithoutAxes) {
  const Array yes = Array::full({}, 1, Dtype::bool_), no = Array::full({}, 0, Dtype::bool_);
  const Array x = numbers({2, 3}), first = indices({0}), both = indices({1, 0});
  const struct {
    Array x;
    Indices indices;
    const char* shape;  // NumPy's
  } rows[] = {
      {x, yes, "(1, 2, 3)"},
      {x, no, "(0, 2, 3)"},
      {numbers({}), yes, "(1)"},
      {numbers({}), no, "(0)"},
      {x, {Slice(), yes}, "(2, 1, 3)"},
      {x, {ellipsis, no}, "(2, 3, 0)"},
      {x, {yes, no}, "(0, 2, 3)"},
      {x, {yes, 1}, "(1, 3)"},
      {x, {no, 1}, "(0, 3)"},
      {x, {yes, both}, "(2, 3)"},
      {x, {no, first}, "(0, 3)"},
      {x, {yes, Slice(), first}, "(1, 2)"},
      {x, {both, yes, both}, "(2)"},
      {x, {newaxis, yes}, "(1, 1, 2, 3)"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(shape_of(get_item(row.x, row.indices)), row.shape);
    expect_derivatives([&](const Variables& v) { return Variables{get_item(v[0], row.indices)}; },
                       {row.x});
  }
  EXPECT_EQ(values(get_item(x, yes)), values(x));
  EXPECT_EQ(values(get_item(x, {yes, both})), values(get_item(x, both)));
  EXPECT_EQ(message_of([&] {
              get_item(x, {no, both});
            }),
            "get_item: index arrays must broadcast together, but their shapes are (0) and (2)");
}

TEST(GetItem, TakesEllipsisAndNewAxes) {
  const Array x = numbers({2, 3, 4});
  EXPECT_EQ(shape_of(get_item(x, {ellipsis, 1})), "(2, 3)");
  EXPECT_EQ(shape_of(get_item(x, {1, ellipsis})), "(3, 4)");
  EXPECT_EQ(shape_of(get_item(x, {Slice(), newaxis, Slice(1, 3)})), "(2, 1, 2, 4)");
  EXPECT_EQ(shape_of(get_item(x, {newaxis, ellipsis, newaxis})), "(1, 2, 3, 4, 1)");
}

TEST(GetItem, TakesIndexArraysAsNumPyDoes) {
  EXPECT_THAT(values(get_item(kTable, {indices({2, 0, -1}), 1})), ElementsAre(21, 1, 21));
  EXPECT_THAT(values(get_item(kTable, {indices({0, 2}), indices({3, 1})})), ElementsAre(3, 21));
  EXPECT_THAT(values(get_item(kTable, {Slice(0, 2), indices({3, 0})})), ElementsAre(3, 0, 13, 10));
  EXPECT_THAT(values(get_item(kTable, {kMask, 0})), ElementsAre(0, 20));
  EXPECT_EQ(shape_of(get_item(kTable, kMask)), "(2, 4)");
  EXPECT_EQ(shape_of(get_item(kTable, Array::full({3, 4}, 1, Dtype::bool_))), "(12)");
  const Array x = numbers({2, 3, 4, 5}), two = indices({0, 1}),
              square = Array::zeros({3, 2}, Dtype::int64);
  EXPECT_EQ(shape_of(get_item(x, {Slice(), square, two})), "(2, 3, 2, 5)");
  EXPECT_EQ(shape_of(get_item(x, {two, Slice(), two})), "(2, 3, 5)");
  EXPECT_EQ(shape_of(get_item(x, {Slice(), two, Slice(), two})), "(2, 2, 4)");
  EXPECT_EQ(shape_of(get_item(x, {0, Slice(), two})), "(2, 3, 5)");
  EXPECT_EQ(shape_of(get_item(x, {two, newaxis, two})), "(2, 1, 4, 5)");
  EXPECT_EQ(shape_of(get_item(x, {ellipsis, square, 1})), "(2, 3, 3, 2)");
  EXPECT_EQ(shape_of(get_item(numbers({0, 4}), Array::zeros({0}, Dtype::int32))), "(0, 4)");
}

TEST(GetItem, RefusesWhatIsOutside) {
  EXPECT_EQ(message_of([] {
              get_item(kTable, {0, 4});
            }),
            "get_item: an index of axis 1 must be in [-4, 4), unlike 4, but x is float64(3, 4)");
  EXPECT_EQ(message_of([] {
              get_item(kTable, indices({0, -4}));
            }),
            "get_item: an index of axis 0 must be in [-3, 3), unlike -4, but x is float64(3, 4)");
  EXPECT_EQ(message_of([] {
              get_item(kTable, {0, 1, 2});
            }),
            "get_item: x must have the 3 axes that are indexed, but x is float64(3, 4)");
  EXPECT_EQ(message_of([] {
              get_item(kTable, {Slice(), kMask});
            }),
            "get_item: a mask must have the lengths of the axes that it covers, but x is "
            "float64(3, 4) and the mask is bool(3)");
  EXPECT_EQ(message_of([] {
              get_item(kTable, {indices({0, 1}), indices({0, 1, 2})});
            }),
            "get_item: index arrays must broadcast together, but their shapes are (2) and (3)");
  EXPECT_EQ(message_of([] { get_item(kTable, vector({0})); }),
            "get_item: an index array must be int32, int64 or bool, but x is float64(3, 4) and the "
            "index is float64(1)");
  EXPECT_EQ(message_of([] {
              get_item(kTable, {ellipsis, ellipsis});
            }),
            "get_item: one ellipsis is allowed, but there are 2");
  EXPECT_EQ(message_of([] { get_item(kTable, Slice(0, 1, 0)); }),
            "get_item: a slice's step must not be 0, but it is");
}

TEST(GetItem, HasDerivatives) {
  const Array repeated = indices({2, 0, 2});
  const Indices cases[] = {{1},
                           {Slice(0, 2), 1},
                           {ellipsis, Slice({}, {}, -2)},
                           {Slice(1, 1)},
                           {newaxis, 1, Slice(), newaxis},
                           {repeated},
                           {repeated, indices({1, 1, 1})},
                           {Slice(), repeated},
                           {ellipsis, indices({0, 0, 3}), repeated.reshape({3, 1})},
                           {repeated, Slice(), indices({1, 1, 0})},
                           {kMask, ellipsis, 0},
                           {}};
  for (const Indices& at : cases) {
    SCOPED_TRACE(&at - cases);
    expect_derivatives([&](const Variables& x) { return Variables{get_item(x[0], at)}; },
                       {numbers({3, 4, 3})});
    expect_derivatives([&](const Variables& x) { return Variables{get_item(x[0], at)}; },
                       {numbers({3, 4, 3}).transpose()});
  }
}

TEST(ScatterAdd, AddsRepeatedly) {
  const Array b = matrix({2, 4}, {1, 1, 1, 1, 2, 2, 2, 2});
  EXPECT_THAT(values(get_item(scatter_add(kTable, indices({1, 1}), b), 1)),
              ElementsAre(13, 14, 15, 16));
  expect_derivatives(
      [](const Variables& x) {
        return Variables{scatter_add(x[0], {indices({0, 2, 2})}, x[1])};
      },
      {numbers({3, 2}), numbers({3, 2}, 1)});
  expect_derivatives(
      [](const Variables& x) { return Variables{scatter_add(x[0], {Slice(1, 3)}, x[1])}; },
      {numbers({3, 2}), numbers({2, 2}, 1)});
  EXPECT_EQ(message_of([] { scatter_add(kTable, 0, vector({1})); }),
            "scatter_add: b must have the shape of a[indices], (4), but a is float64(3, 4) and b "
            "is float64(1)");
}

TEST(SelectItem, TakesOneOfEachRow) {
  EXPECT_THAT(values(select_item(kTable, indices({1, 0, 3}))), ElementsAre(1, 10, 23));
  expect_derivatives(
      [](const Variables& x) {
        return Variables{select_item(x[0], indices({1, 0, 3}))};
      },
      {numbers({3, 4})});
  EXPECT_EQ(message_of([] {
              select_item(kTable, indices({1, 0, 4}));
            }),
            "select_item: an index of axis 1 must be in [-4, 4), unlike 4, but x is float64(3, 4)");
  EXPECT_EQ(
      message_of([] {
        select_item(kTable, indices({1, 0}));
      }),
      "select_item: x must be (n, classes) and t (n), but x is float64(3, 4) and t is int32(2)");
}

TEST(Flip, TurnsAnAxisRound) {
  EXPECT_THAT(values(flip(vector({1, 2, 3}), 0)), ElementsAre(3, 2, 1));
  EXPECT_THAT(values(get_item(fliplr(kTable), 0)), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(values(get_item(flipud(kTable), 0)), ElementsAre(20, 21, 22, 23));
  expect_derivatives(
      [](const Variables& x) {
        return Variables{flip(x[0], -1), fliplr(x[0]), flipud(x[0])};
      },
      {numbers({2, 3})});
  EXPECT_EQ(message_of([] { fliplr(vector({1})); }),
            "fliplr: x must have at least 2 axes, but x is float64(1)");
}

TEST(Repeat, RepeatsElements) {
  EXPECT_THAT(values(repeat(vector({1, 2}), 2)), ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(values(repeat(matrix({2, 2}, {1, 2, 3, 4}), {2, 0}, 1)), ElementsAre(1, 1, 3, 3));
  EXPECT_EQ(shape_of(repeat(kTable, 2)), "(24)");
  EXPECT_EQ(shape_of(repeat(kTable, 0, 1)), "(3, 0)");
  expect_derivatives(
      [](const Variables& x) {
        return Variables{repeat(x[0], 2), repeat(x[0], {2, 0, 1}, 1)};
      },
      {numbers({2, 3})});
  EXPECT_EQ(message_of([] {
              repeat(kTable, {1, 2}, 0);
            }),
            "repeat: there must be 1 or 3 repeats, not 2, but x is float64(3, 4)");
  EXPECT_EQ(message_of([] { repeat(kTable, -1); }),
            "repeat: repeats must not be negative, but one is -1");
}

TEST(Permutate, OrdersAndPutsBack) {
  const Array order = indices({2, 0, 1});
  EXPECT_THAT(values(permutate(vector({5, 6, 7}), order)), ElementsAre(7, 5, 6));
  EXPECT_THAT(values(permutate(permutate(vector({5, 6, 7}), order), order, 0, true)),
              ElementsAre(5, 6, 7));
  expect_derivatives(
      [&](const Variables& x) {
        return Variables{permutate(x[0], order, 1), permutate(x[0], order, -1, true)};
      },
      {numbers({2, 3})});
  EXPECT_EQ(message_of([&] {
              permutate(kTable, indices({0, 1, 1}));
            }),
            "permutate: the indices must be a permutation of the elements of axis 0, but x is "
            "float64(3, 4) and indices is int32(3)");
}

TEST(Diagonal, TakesElementsOfTwoAxes) {
  EXPECT_THAT(values(diagonal(kTable)), ElementsAre(0, 11, 22));
  EXPECT_THAT(values(diagonal(kTable, 2)), ElementsAre(2, 13));
  EXPECT_THAT(values(diagonal(kTable, -1)), ElementsAre(10, 21));
  EXPECT_EQ(shape_of(diagonal(kTable, 9)), "(0)");
  EXPECT_EQ(shape_of(diagonal(numbers({2, 3, 4}))), "(4, 2)");
  expect_derivatives(
      [](const Variables& x) {
        return Variables{diagonal(x[0], 1), diagonal(x[0], -1, 2, 1)};
      },
      {numbers({2, 3, 3})});
}

TEST(AsStrided, ReadsWithAnyStrides) {
  EXPECT_THAT(values(as_strided(vector({1, 2, 3, 4}), {3, 2}, {1, 1})),
              ElementsAre(1, 2, 2, 3, 3, 4));
  expect_derivatives(
      [](const Variables& x) {
        return Variables{as_strided(x[0], {3, 2}, {1, 1})};
      },
      {numbers({4})});
  EXPECT_EQ(message_of([] {
              as_strided(vector({1, 2}), {3}, {1});
            }),
            "as_strided: the elements 0 to 2 must lie within x, but x is float64(2)");
}

}  // namespace
}  // namespace autograd
