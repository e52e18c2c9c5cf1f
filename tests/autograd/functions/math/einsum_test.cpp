#include "autograd/functions/math/einsum.h"

#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

TEST(Einsum, TransposesSumsAndTakesDiagonals) {
  EXPECT_EQ(values(einsum("ij->ji", kX)), values(transpose(kX)));
  EXPECT_EQ(values(einsum("ba", kX)), values(transpose(kX)));  // alphabetical
  EXPECT_THAT(values(einsum("ij->j", kX)), ElementsAre(5, 7, 9));
  EXPECT_THAT(values(einsum("ij->", kX)), ElementsAre(21));
  const Array square = matrix({2, 2}, {1, 2, 3, 4});
  EXPECT_THAT(values(einsum("ii->i", square)), ElementsAre(1, 4));
  EXPECT_THAT(values(einsum("ii", square)), ElementsAre(5));
  EXPECT_THAT(values(einsum("iii", numbers({2, 2, 2}))).size(), 1u);
  EXPECT_DOUBLE_EQ(einsum("iii", numbers({2, 2, 2})).item(),
                   values(numbers({8}))[0] + values(numbers({8}))[7]);
}

TEST(Einsum, MultipliesFromLeftToRight) {
  const Array a = numbers({2, 3}), b = numbers({3, 4}, 1), c = numbers({4, 2}, 2);
  const std::vector<double> chain = values(matmul(matmul(a, b), c));
  EXPECT_EQ(values(einsum("ij, jk, kl -> il", a, b, c)), chain);
  EXPECT_EQ(values(einsum("ij,jk,kl", a, b, c)), chain);
  EXPECT_EQ(values(einsum("i,j->ij", vector({1, 2}), vector({3, 4}))),
            (std::vector<double>{3, 4, 6, 8}));
  EXPECT_THAT(values(einsum("ij,ij->i", kX, kX)), ElementsAre(14, 77));
  EXPECT_THAT(values(einsum("i,->i", vector({1, 2}), Array::scalar(3.0))), ElementsAre(3, 6));
}

TEST(Einsum, BroadcastsWhatTheEllipsisStandsFor) {
  const Array a = numbers({5, 1, 2, 3}), b = numbers({4, 3, 2}, 1);
  const Variable y = einsum("...ij,...jk->...ik", a, b);
  EXPECT_EQ(y.shape(), (Shape{5, 4, 2, 2}));
  const auto got = values(y), expected = values(matmul(a, b));
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-15);
  EXPECT_EQ(einsum("...ij,...jk", a, b).shape(), (Shape{5, 4, 2, 2}));
  EXPECT_EQ(einsum("i...->...i", a).shape(), (Shape{1, 2, 3, 5}));
  EXPECT_EQ(einsum("...i->...", kX).shape(), (Shape{2}));
}

// What NumPy makes of subscripts and shapes: the shape of the result, or none if it is an error.
TEST(Einsum, ReadsWhatNumPyReads) {
  const char* const kRefused = "refused";
  const Shape x{2, 3}, row{3}, one{}, wide{1, 2, 3}, flat{1, 3}, column{2, 1};
  const struct {
    const char* subscripts;
    std::vector<Shape> shapes;
    const char* result;
  } rows[] = {
      // What `...` stands for is not summed; nothing needs no place.
      {"...->", {x}, kRefused},
      {"...->", {one}, "()"},
      {"...i->i", {x}, kRefused},
      {"...i->i", {row}, "(3)"},
      {"j...i->ij", {wide}, kRefused},
      {"j...i->ij", {x}, "(3, 2)"},
      {"i...->i", {x}, kRefused},
      {"i...->ij", {x}, kRefused},
      {"i...,j...->ij", {x, x}, kRefused},
      {"i...,j->ij", {x, row}, kRefused},
      {"i...,j->ij", {row, row}, "(3, 3)"},
      {"...i,j...->ij", {x, x}, kRefused},
      {"...,...->", {x, one}, kRefused},
      {"...,...->", {one, one}, "()"},
      {"...ij,...jk->ik", {x, {3, 2}}, "(2, 2)"},
      {"...ij->ij", {x}, "(2, 3)"},
      {"i...->...", {x}, "(3)"},
      {"...->...", {x}, "(2, 3)"},
      {"...->...", {one}, "()"},
      {"...", {x}, "(2, 3)"},
      {"ij...->ji...", {x}, "(3, 2)"},
      {"i...j->j...i", {x}, "(3, 2)"},
      {"...,...", {x, row}, "(2, 3)"},
      {"i...,...->i...", {x, row}, "(2, 3)"},
      {"...i,...i->...", {column, x}, "(2)"},
      // It may stand behind -> in any case.
      {"ij->...ij", {x}, "(2, 3)"},
      {"ij->ij...", {x}, "(2, 3)"},
      {"ij->i...j", {x}, "(2, 3)"},
      {"ij->...", {x}, "()"},
      // Three dots, once, and nothing between them.
      {"......", {x}, kRefused},
      {"....ij", {x}, kRefused},
      {"i..j", {x}, kRefused},
      {"i.j", {x}, kRefused},
      {". . .ij->ij", {x}, kRefused},
      {"ij->.. .ij", {x}, kRefused},
      {"ij->....", {x}, kRefused},
      {"ij->......", {x}, kRefused},
      // The arrow.
      {"ij- >ij", {x}, kRefused},
      {"ij->->i", {x}, kRefused},
      {"ij->ij...->", {x}, kRefused},
      {"ij>ij", {x}, kRefused},
      {"ij-ij", {x}, kRefused},
      {"ij-", {x}, kRefused},
      {">ij", {x}, kRefused},
      {"->", {one}, "()"},
      {"", {one}, "()"},
      {"->", {x}, kRefused},
      // Letters behind it.
      {"ij->ii", {x}, kRefused},
      {"i...->i...i", {x}, kRefused},
      {"ij->k", {x}, kRefused},
      {"ij->i,j", {x}, kRefused},
      {"ij-> ", {x}, "()"},
      {"i j -> j i", {x}, "(3, 2)"},
      // The order without it.
      {"ba", {x}, "(3, 2)"},
      {"aB", {x}, "(3, 2)"},
      {"Ba", {x}, "(2, 3)"},
      {"b...a", {wide}, "(2, 3, 1)"},
      // Terms and inputs.
      {"i1", {x}, kRefused},
      {"ij\t", {x}, kRefused},
      {"i->i", {x}, kRefused},
      {"ijk->i", {x}, kRefused},
      {"i,j,k->ijk", {row, row}, kRefused},
      {"i->i", {row, row}, kRefused},
      {",", {one, one}, "()"},
      {"ij,", {x, one}, "(2, 3)"},
      {"ij,->ij", {x, x}, kRefused},
      {"ij->ij", {}, kRefused},
      // Lengths of one letter.
      {"ij,jk", {x, x}, kRefused},
      {"ij,jk", {column, x}, "(2, 3)"},
      {"ij,jk->ik", {column, {3, 4}}, "(2, 4)"},
      {"ij,ij->ij", {flat, x}, "(2, 3)"},
      {"i,ij->ij", {{1}, x}, "(2, 3)"},
      {"i,ij", {{1}, x}, "(3)"},
      {"i,i->i", {{1}, {0}}, "(0)"},
      {"ii", {x}, kRefused},
      {"ii->i", {flat}, kRefused},
      {"ii->", {flat}, kRefused},
      {"i...i->...i", {wide}, kRefused},
      {"iij,i->ij", {{1, 3, 2}, row}, kRefused},
      {"iij,i->ij", {{1, 1, 2}, row}, "(3, 2)"},
  };
  for (const auto& row_of_table : rows) {
    Variables inputs;
    for (const Shape& shape : row_of_table.shapes) inputs.emplace_back(numbers(shape));
    std::string result = kRefused;
    try {
      result = shape_of(einsum(row_of_table.subscripts, inputs));
    } catch (const Error&) {
    }
    EXPECT_EQ(result, row_of_table.result) << row_of_table.subscripts;
  }
}

TEST(Einsum, BroadcastsLettersOfLengthOne) {
  const Array a = numbers({2, 1}), b = numbers({3, 4}, 1), wide = a.broadcast_to({2, 3});
  expect_near(einsum("ij,jk->ik", a, b), einsum("ij,jk->ik", wide, b), 1e-15);
  expect_near(einsum("ij,jk", b.slice(1, 0, 1), numbers({4, 2})),
              einsum("ij,jk", b.slice(1, 0, 1).broadcast_to({3, 4}), numbers({4, 2})), 1e-15);
  expect_derivatives([](const Variables& x) { return Variables{einsum("ij,jk,k->ik", x)}; },
                     {a, b, numbers({1}, 2)});
}

TEST(Einsum, RefusesWhatItCannotRead) {
  EXPECT_EQ(message_of([] { einsum("ij,jk->ik", kX); }),
            "einsum: there must be one input for each term of \"ij,jk->ik\", but there are 1");
  EXPECT_EQ(
      message_of([] { einsum("ij->ik", kX); }),
      "einsum: each letter after \"->\" must occur before it, but the subscripts are \"ij->ik\"");
  EXPECT_EQ(message_of([] { einsum("...->", kX); }),
            "einsum: \"...\" stands for 2 axes and must also occur after \"->\", but the "
            "subscripts are \"...->\"");
  EXPECT_EQ(
      message_of([] { einsum("ij->ii", kX); }),
      "einsum: a letter must not occur twice after \"->\", but the subscripts are \"ij->ii\"");
  EXPECT_EQ(message_of([] { einsum("i1", kX); }),
            "einsum: subscripts must be letters, \",\", \"...\" and at most one \"->\", but the "
            "subscripts are \"i1\"");
  EXPECT_EQ(message_of([] { einsum("...i...", kX); }),
            "einsum: an input must have at most one \"...\", but the subscripts are \"...i...\"");
  EXPECT_EQ(message_of([] { einsum("ijk", kX); }),
            "einsum: each axis must have a letter in term 0 of \"ijk\", but x is float64(2, 3)");
  EXPECT_EQ(message_of([] { einsum("i", kX); }),
            "einsum: each axis must have a letter in term 0 of \"i\", but x is float64(2, 3)");
  EXPECT_EQ(message_of([] { einsum("ii", kX); }),
            "einsum: axes with the same letter must have the same length in \"ii\", unlike 2 and "
            "3, but x is float64(2, 3)");
}

TEST(Einsum, HasDerivatives) {
  const auto of = [](const char* subscripts) {
    return [subscripts](const Variables& x) { return Variables{einsum(subscripts, x)}; };
  };
  expect_derivatives(of("ij->ji"), {numbers({2, 3})});
  expect_derivatives(of("ii->i"), {numbers({3, 3})});
  expect_derivatives(of("iji->j"), {numbers({2, 3, 2})});
  expect_derivatives(of("bi,ijk,bj->bk"),
                     {numbers({2, 3}), numbers({3, 4, 2}, 1), numbers({2, 4}, 2)});
  expect_derivatives(of("...ij,...jk->k..."), {numbers({2, 1, 2, 3}), numbers({3, 3, 2}, 1)});
  expect_derivatives(of("ij,jk"), {numbers({0, 3}), numbers({3, 2}, 1)});
}

TEST(Tensordot, SumsOverPairsOfAxes) {
  const Array a = numbers({2, 3, 4}), b = numbers({3, 4, 5}, 1), c = numbers({4, 5, 3}, 2);
  EXPECT_EQ(values(tensordot(a, b)), values(einsum("ijk,jkl->il", a, b)));
  EXPECT_EQ(values(tensordot(a, c, {1, -1}, {2, 0})), values(einsum("ijk,klj->il", a, c)));
  EXPECT_EQ(tensordot(kX, vector({1, 2, 3, 4}), 0).shape(), (Shape{2, 3, 4}));
  EXPECT_THAT(values(tensordot(kX, kX)), ElementsAre(91));
  EXPECT_EQ(message_of([] { tensordot(kX, kX, 1); }),
            "tensordot: axes that are summed together must have equal lengths, but a is float64(2, "
            "3) and b is float64(2, 3)");
  EXPECT_EQ(message_of([] { tensordot(kX, kX, 3); }),
            "tensordot: both must have 3 axes to sum over, but a is float64(2, 3) and b is "
            "float64(2, 3)");
  EXPECT_EQ(message_of([] {
              tensordot(kX, kX, {0, 1}, 0);
            }),
            "tensordot: equally many axes of a and b must be listed, but a is float64(2, 3) and b "
            "is float64(2, 3)");
  expect_derivatives(
      [](const Variables& x) {
        return Variables{tensordot(x[0], x[1], {1, 2}, {2, 0})};
      },
      {numbers({2, 3, 4}), numbers({4, 2, 3}, 1)});
  expect_derivatives([](const Variables& x) { return Variables{tensordot(x[0], x[1], 0)}; },
                     {numbers({2, 3}), numbers({2}, 1)});
}

TEST(Einsum, TakesNumbersForNames) {
  const Array a = numbers({2, 3, 4}), b = numbers({2, 4, 5}, 1);
  expect_near(einsum({{a, {ellipsis, 7, 1}}, {b, {ellipsis, 1, 0}}}, {{ellipsis, 7, 0}}),
              einsum("...ij,...jk->...ik", a, b), 0);
  // Without an output in the order of the numbers.
  expect_near(einsum({{a.select(0, 0), {30, 1}}, {b.select(0, 0), {1, 2}}}),
              einsum("ij,jk->ki", a.select(0, 0), b.select(0, 0)), 0);
  EXPECT_EQ(message_of([&] {
              einsum({{a, {0, 1, 52}}});
            }),
            "einsum: the names of axes must lie in [0, 52), but one is 52");
}

}  // namespace
}  // namespace autograd
