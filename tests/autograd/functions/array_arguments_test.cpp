// Arguments that are arrays without a gradient: labels, IDs, positions, conditions, masks.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "autograd/functions/functions.h"
#include "autograd/graph/backward.h"
#include "tests/message.h"
#include "tests/paths.h"

namespace autograd::array_arguments {
namespace {

// What becomes of the array between forward and backward.
enum class Kept {
  itself,  // it must not be overwritten
  copied,  // it may be
  none,    // there is no backward
};

struct Row {
  std::string name;  // what errors say
  Array argument, other;
  std::vector<Shape> shapes;  // of the inputs with a gradient
  Kept kept;
  std::function<Variable(const Variables&, const Array&)> with_array;
  std::function<Variable(const Variables&, const Variable&)> with_variable;
};

Array ints(std::initializer_list<std::int32_t> values, const Shape& shape) {
  return Array::of<std::int32_t>(values, shape);
}
Array floats(std::initializer_list<float> values, const Shape& shape) {
  return Array::of<float>(values, shape);
}

std::vector<Row> rows() {
  std::vector<Row> all;
  const auto add = [&](const char* name, const Array& argument, const Array& other,
                       std::vector<Shape> shapes, Kept kept, auto f) {
    all.push_back({name, argument, other, std::move(shapes), kept, f, f});
  };
  const Shape two{2}, three{3}, matrix{2, 3}, image{1, 1, 2, 2};
  const Array labels = ints({0, 2}, two), labels2 = ints({1, 1}, two);
  const Array bits = ints({0, 1, 1, 0, 0, 1}, matrix), bits2 = ints({1, 1, 0, 0, 1, 1}, matrix);
  const Array mask = bits.astype(Dtype::bool_), mask2 = bits2.astype(Dtype::bool_);
  const Array some = floats({.1f, .2f, .7f, .4f, .4f, .2f}, matrix),
              some2 = floats({.3f, .3f, .4f, .8f, .1f, .1f}, matrix);

  add("get_item", labels, labels2, {matrix}, Kept::itself, [](const Variables& x, const auto& a) {
    return get_item(x[0], {Slice(), a});
  });
  add("get_item", mask, mask2, {matrix}, Kept::itself,
      [](const Variables& x, const auto& a) { return x[0][a]; });
  add("scatter_add", labels, labels2, {three, two}, Kept::itself,
      [](const Variables& x, const auto& a) { return scatter_add(x[0], a, x[1]); });
  add("select_item", labels, labels2, {matrix}, Kept::itself,
      [](const Variables& x, const auto& a) { return select_item(x[0], a); });
  add("permutate", ints({2, 0, 1}, three), ints({0, 1, 2}, three), {matrix}, Kept::itself,
      [](const Variables& x, const auto& a) { return permutate(x[0], a, 1); });
  add("permutate", ints({2, 0, 1}, three), ints({0, 1, 2}, three), {matrix}, Kept::copied,
      [](const Variables& x, const auto& a) { return permutate(x[0], a, 1, true); });
  add("embed_id", labels, labels2, {{3, 2}}, Kept::itself,
      [](const Variables& x, const auto& a) { return embed_id(a, x[0]); });
  add("embed_id", labels, labels2, {{3, 2}}, Kept::copied,
      [](const Variables& x, const auto& a) { return embed_id(a, x[0], 0); });
  add("where", mask, mask2, {matrix, matrix}, Kept::itself,
      [](const Variables& x, const auto& a) { return where(a, x[0], x[1]); });
  add("upsampling_2d", ints({0, 3, 1, 2}, image), ints({1, 2, 0, 0}, image), {image}, Kept::itself,
      [](const Variables& x, const auto& a) { return upsampling_2d(x[0], a, 2); });
  add("upsampling_2d", ints({0, 3, 1, 2}, image).astype(Dtype::int64), ints({1, 2, 0, 0}, image),
      {image}, Kept::copied,
      [](const Variables& x, const auto& a) { return upsampling_2d(x[0], a, 2); });

  add("sigmoid_cross_entropy", bits, bits2, {matrix}, Kept::copied,
      [](const Variables& x, const auto& t) { return sigmoid_cross_entropy(x[0], t); });
  add("softmax_cross_entropy", labels, labels2, {matrix}, Kept::copied,
      [](const Variables& x, const auto& t) { return softmax_cross_entropy(x[0], t); });
  add("softmax_cross_entropy", some, some2, {matrix}, Kept::itself,
      [](const Variables& x, const auto& t) { return softmax_cross_entropy(x[0], t); });
  add("softmax_cross_entropy", floats({1, 2, 3}, three), floats({3, 1, 1}, three), {matrix},
      Kept::itself, [labels](const Variables& x, const auto& a) {
        return softmax_cross_entropy(x[0], labels, {.class_weight = a});
      });
  add("hinge", labels, labels2, {matrix}, Kept::copied,
      [](const Variables& x, const auto& t) { return hinge(x[0], t); });
  add("contrastive", ints({0, 1}, two), ints({1, 0}, two), {matrix, matrix}, Kept::copied,
      [](const Variables& x, const auto& t) { return contrastive(x[0], x[1], t, 9); });
  add("accuracy", labels, labels2, {matrix}, Kept::none,
      [](const Variables& x, const auto& t) { return accuracy(x[0], t); });
  add("binary_accuracy", bits, bits2, {matrix}, Kept::none,
      [](const Variables& x, const auto& t) { return binary_accuracy(x[0], t); });

  add("gaussian", some, some2, {matrix, matrix}, Kept::itself,
      [](const Variables& x, const auto& a) { return gaussian(x[0], x[1], {.eps = a}); });
  add("dropout", some, some2, {matrix}, Kept::itself,
      [](const Variables& x, const auto& a) { return dropout(x[0], .5, {.mask = a}); });
  add("simplified_dropconnect", mask, mask2, {{2, 3}, {2, 3}}, Kept::copied,
      [](const Variables& x, const auto& a) {
        return simplified_dropconnect(x[0], x[1], {}, {.mask = a, .use_batchwise_mask = false});
      });
  add("rrelu", some, some2, {matrix}, Kept::copied,
      [](const Variables& x, const auto& a) { return rrelu(-x[0], 0, .9, {.r = a}); });
  return all;
}

// Numbers without a pattern, none of which is 0.
Array ramp(const Shape& shape, float from) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < shape.elements(); ++i)
    values.push_back(from + .37f * static_cast<float>(i * i % 7));
  return Array::from(values, shape);
}

struct Computed {
  Variables x;
  Variable y, loss;
};
Computed computed(const Row& row, const auto& f, const auto& argument) {
  Computed c;
  for (const Shape& shape : row.shapes)
    c.x.emplace_back(ramp(shape, .1f + .5f * static_cast<float>(c.x.size())));
  c.y = f(c.x, argument);
  c.loss = sum(c.y * as_variable(ramp(c.y.shape(), 1)));
  return c;
}
std::vector<std::vector<double>> gradients(const Computed& c, const BackwardOptions& options = {}) {
  c.loss.backward(options);
  std::vector<std::vector<double>> all;
  for (const Variable& x : c.x)
    all.push_back(x.grad() ? x.grad().to_vector<double>() : std::vector<double>());
  return all;
}

TEST(ArrayArguments, AVariableIsAsGoodAsItsArray) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    const Variable variable(row.argument);
    const Computed by_array = computed(row, row.with_array, row.argument),
                   by_variable = computed(row, row.with_variable, variable);
    EXPECT_TRUE(array_equal(by_array.y.array(), by_variable.y.array()));
    EXPECT_TRUE(array_equal(by_array.y.array(),
                            computed(row, row.with_variable, as_variable(row.argument)).y.array()));
    if (row.kept == Kept::none) continue;
    EXPECT_EQ(gradients(by_array), gradients(by_variable));
    EXPECT_FALSE(variable.grad_var());
  }
}

TEST(ArrayArguments, NoneIsAnErrorOrAnOptionLeftOut) {
  const Variable x(ramp({2, 3}, .1f)), none;
  EXPECT_EQ(message_of([&] { embed_id(none, x); }),
            "Variable: a variable must be given, but it is none");
  EXPECT_TRUE(dropout_with_mask(x, .5, {.mask = none}).mask);
}

TEST(ArrayArguments, WhatBackwardNeedsMustNotBeOverwritten) {
  for (const Row& row : rows()) {
    if (row.kept == Kept::none) continue;
    const auto call = [&](const Array& a) { return computed(row, row.with_array, a); };
    SCOPED_TRACE(row.name + " " + describe(row.argument));
    const auto right = gradients(call(row.argument));
    EXPECT_NE(right, gradients(call(row.other))) << "the array must matter";
    for (const bool twice : {false, true}) {
      Array argument = row.argument.copy();
      const Computed c = call(argument);
      argument.assign(row.other);
      const BackwardOptions options{.enable_double_backprop = twice, .allow_updates = true};
      if (row.kept == Kept::copied)
        EXPECT_EQ(gradients(c, options), gradients(call(row.argument), options));
      else
        EXPECT_THAT(message_of([&] { c.loss.backward(options); }),
                    testing::MatchesRegex(row.name + ": what backward needs must stay as it was in "
                                                     "forward, but [a-z_]+ was overwritten since"));
    }
  }
}

// The gradient of a function that is linear in x is computed from the same array.
TEST(ArrayArguments, NeitherBetweenTheDerivatives) {
  for (const Row& row : rows()) {
    if (row.kept != Kept::itself || row.name == "softmax_cross_entropy" || row.name == "gaussian")
      continue;
    SCOPED_TRACE(row.name);
    Array argument = row.argument.copy();
    const Computed c = computed(row, row.with_array, argument);
    const Variables gx =
        grad({square(c.y)}, {c.x.back()},
             {.create_graph = true, .grad_outputs = {Variable(ramp(c.y.shape(), 1))}});
    argument.assign(row.other);
    EXPECT_THAT(message_of([&] { sum(gx[0]).backward(); }),
                testing::StartsWith(row.name + ": what backward needs"));
  }
}

TEST(ArrayArguments, NorWhatAFunctionDrewAndGave) {
  const auto made = [] { return Variable(ramp({2, 3}, .1f)); };
  const Variable x = made(), ln_var = made();
  auto [y, mask] = dropout_with_mask(x);
  mask.fill(0);
  EXPECT_THAT(message_of([&, loss = sum(y)] { loss.backward(); }),
              testing::StartsWith("dropout: what backward needs"));
  auto [z, eps] = gaussian_with_eps(x, ln_var);
  eps.fill(0);
  EXPECT_THAT(message_of([&, loss = sum(z)] { loss.backward(); }),
              testing::StartsWith("gaussian: what backward needs"));

  // These give copies.
  const Variable a(ramp({1, 1, 4, 4}, .1f)), b = made();
  auto [pooled, indices] = max_pooling_2d_with_indices(a, 2);
  indices.fill(0);
  sum(pooled).backward();
  EXPECT_EQ(sum(a.grad_var()).item(), 4);
  auto [slope, r] = rrelu_with_r(-b);
  const Array before = r.copy();
  r.fill(0);
  sum(slope).backward();
  EXPECT_EQ(b.grad().to_vector<double>(), (-before).to_vector<double>());
}

TEST(ArrayArguments, RunningStatisticsOfAVariableAreWrittenToo) {
  const Variable mean(Array::zeros({3}, Dtype::float32)), var(Array::ones({3}, Dtype::float32));
  const Variable one(Array::ones({3}, Dtype::float32));
  batch_normalization(Variable(ramp({2, 3}, 1)), one, one,
                      {.running_mean = mean, .running_var = var, .decay = 0});
  EXPECT_GT(mean.array().to_vector<double>()[0], 0.9);
}

TEST(ArrayArguments, AComparisonIsAConditionAndAMask) {
  const Variable x(ramp({2, 3}, -.2f));
  const Condition positive = x > 0;
  EXPECT_TRUE(array_equal(where(positive, x, -x).array(), where(positive.truth, x, -x).array()));
  EXPECT_TRUE(array_equal(where(x > 0, x, -x).array(), absolute(x).array()));
  const Variable W(ramp({2, 3}, 1));
  EXPECT_TRUE(array_equal(
      simplified_dropconnect(x, W, {}, {.mask = x > 0, .use_batchwise_mask = false}).array(),
      simplified_dropconnect(x, W, {}, {.mask = positive.truth, .use_batchwise_mask = false})
          .array()));
}

std::vector<std::string> matches(const std::string& folder, const std::string& extension,
                                 const std::regex& pattern) {
  std::vector<std::string> found;
  for (const auto& file : std::filesystem::recursive_directory_iterator(source_path(folder))) {
    if (file.path().extension() != extension) continue;
    std::ifstream in(file.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (std::sregex_iterator i(text.begin(), text.end(), pattern), end; i != end; ++i)
      found.push_back(file.path().filename().string() + ": " + i->str());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// So that a function that is yet to come takes a Variable, too.
TEST(ArrayArguments, AreArrayLikeInEveryHeader) {
  const std::regex parameter("[(,]\\s*(const )?Array&? \\w+( = [^,)]*)?(?=[,)])"),
      option("\\n +Array \\w+\\s+=[^;]*;");
  const std::vector<std::string> of_library = {
      "labels.h: (const Array& condition",
      "labels.h: (const Array& labels",
      "labels.h: (const Array& labels",
  };
  std::vector<std::string> found;
  for (const char* folder : {"autograd/functions", "nn/links", "nn/distributions", "nn/training"})
    for (const std::regex& pattern : {parameter, option})
      for (std::string& match : matches(folder, ".h", pattern)) found.push_back(std::move(match));
  EXPECT_THAT(found, testing::IsSupersetOf(of_library)) << "the pattern finds what it should";
  std::erase_if(found, [](const std::string& match) {
    return match.starts_with("labels.h") || match.starts_with("from_params.h") ||
           match.starts_with("image.h") ||      // not for programs
           match.starts_with("parameter.h") ||  // values of a parameter
           match.starts_with(
               "classifier.h: (const Array& t") ||         // beside a Variable and a Condition
           match.starts_with("parameter_statistics.h") ||  // an example of a statistic
           match.starts_with("importance_weighted_bound.h") ||
           match.starts_with("collapse");
  });
  EXPECT_THAT(found, testing::IsEmpty());
}

// So that it cannot be overwritten unseen what a function that is yet to come keeps.
TEST(ArrayArguments, AreKeptByKept) {
  const std::regex member("\\n  (Array|Arrays|Indices) \\w+_;");
  EXPECT_THAT(matches("autograd/functions", ".cpp", member),
              testing::UnorderedElementsAre("loss.cpp: \n  Array labels_;",      // a copy
                                            "pooling.cpp: \n  Array place_;"));  // its own
}

}  // namespace
}  // namespace autograd::array_arguments
