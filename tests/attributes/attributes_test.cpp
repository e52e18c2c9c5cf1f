// What the functions tell of their arguments, FunctionNode::attributes().
#include "autograd/graph/attributes.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "autograd/autograd.h"
#include "tests/calls/arguments.h"
#include "tests/message.h"
#include "tests/paths.h"

namespace autograd::attributes_test {
namespace {

using Integers = Attributes::Integers;
using Numbers = Attributes::Numbers;
using testing::Contains;
using testing::IsEmpty;

// ---- the type

TEST(Attributes, ToldByTheirOrder) {
  const Attributes a{{"axis", 1},
                     {"keepdims", true},
                     {"slope", 0.5},
                     {"mode", "edge"},
                     {"shape", Shape()},
                     {"stride", HeightWidth(2, 3)},
                     {"axes", Axes({0})},
                     {"none", Axes({})},
                     {"all", Axes(std::nullopt)},
                     {"numbers", Numbers{.5, 2}}};
  EXPECT_EQ(to_string(a),
            "axis=1, keepdims=1, slope=0.5, mode=edge, shape=[], stride=[2, 3], axes=[0], none=[], "
            "numbers=[0.5, 2]");
  EXPECT_EQ(a.size(), 9u);
  EXPECT_EQ(a.get<std::int64_t>("axis"), 1);
  EXPECT_EQ(a.get<double>("slope"), 0.5);
  EXPECT_EQ(a.get<std::string>("mode"), "edge");
  EXPECT_EQ(a.get<Integers>("stride"), (Integers{2, 3}));
  EXPECT_EQ(a.get<Numbers>("numbers"), (Numbers{.5, 2}));
  EXPECT_EQ(a.find("all"), nullptr);
  EXPECT_TRUE(Attributes().empty());
  EXPECT_NE(a, Attributes());
}

TEST(Attributes, UnknownOnesAreErrors) {
  const Attributes a{{"axis", 1}};
  EXPECT_EQ(message_of([&] { a.get<std::int64_t>("axes"); }),
            "Attributes: the name must be known, but axes is asked for of (axis=1)");
  EXPECT_EQ(message_of([&] { a.get<double>("axis"); }),
            "Attributes: the type must be that of the value, but axis is asked for of (axis=1)");
}

// ---- values

Variable ramp(const Shape& shape) {
  Array numbers = Array::empty(shape, Dtype::float32);
  float* p = numbers.mutable_data<float>();
  for (std::int64_t i = 0; i < numbers.size(); ++i) p[i] = 0.25f + 0.5f * static_cast<float>(i);
  return Variable(numbers);
}

// What the function tells whose output this is.
std::string told(const Variable& y) { return to_string(y.node()->creator()->attributes()); }
// The same of the first function of that label behind y.
std::string told(const std::string& label, const Variable& y) {
  const ComputationalGraph graph = build_computational_graph({y});
  for (const ComputationalGraph::Node& node : graph.nodes())
    if (node.index() == 1 && std::get<1>(node)->label() == label)
      return to_string(std::get<1>(node)->attributes());
  return "there is no " + label;
}

TEST(Attributes, OfElementwiseFunctions) {
  const Variable x = ramp({2, 3});
  EXPECT_EQ(told(x + 2), "value=2");
  EXPECT_EQ(told(x - 2), "value=-2");
  EXPECT_EQ(told(2 - x), "value=2");
  EXPECT_EQ(told(x * 0.5), "value=0.5");
  EXPECT_EQ(told(3 / x), "value=3");
  EXPECT_EQ(told(pow(x, 1.5)), "value=1.5");
  EXPECT_EQ(told(pow(1.5, x)), "value=1.5");
  EXPECT_EQ(told(leaky_relu(x, 0.125)), "slope=0.125");
  EXPECT_EQ(told(elu(x, 2)), "alpha=2");
  EXPECT_EQ(told(softplus(x, 3)), "beta=3");
  EXPECT_EQ(told(clipped_relu(x, 7)), "z=7");
  EXPECT_EQ(told(clip(x, 0.5, 1.5)), "x_min=0.5, x_max=1.5");
  EXPECT_EQ(told(polygamma(2, x)), "n=2");
  EXPECT_EQ(told(huber_loss(x, x, 0.75, Reduce::no)), "delta=0.75");
  EXPECT_EQ(told(bernoulli_log_prob(x, x, true)), "binary_check=1");
  EXPECT_EQ(told(mean_squared_error(x, x, Reduce::sum)), "reduce=sum");
  EXPECT_EQ(told(tanh(x)), "");
  EXPECT_EQ(told(x + x), "");
}

TEST(Attributes, OfFunctionsOfWholeArrays) {
  const Variable x = ramp({2, 3, 4}), matrix = ramp({3, 3});
  EXPECT_EQ(told(softmax(x, -1)), "axis=2");
  EXPECT_EQ(told(log_softmax(x, 0)), "axis=0");
  EXPECT_EQ(told(reshape(x, {6, -1})), "shape=[6, -1]");
  EXPECT_EQ(told(expand_dims(x, 1)), "shape=[2, 1, 3, 4]");
  EXPECT_EQ(told(transpose(x, {2, 0, 1})), "axes=[2, 0, 1]");
  EXPECT_EQ(told(transpose(x)), "");
  EXPECT_EQ(told(swapaxes(x, 0, 2)), "axes=[2, 1, 0]");
  EXPECT_EQ(told(tile(x, {2, 1, 3})), "reps=[2, 1, 3]");
  EXPECT_EQ(told(cast(x, Dtype::float64)), "dtype=float64");
  EXPECT_EQ(told(pad(matrix, {{1, 0}, {2, 3}}, PadMode::constant, 0.5)),
            "pad_width=[1, 0, 2, 3], mode=constant, constant_values=0.5");
  EXPECT_EQ(told(pad(matrix, 1, PadMode::reflect)),
            "pad_width=[1, 1, 1, 1], mode=reflect, constant_values=0");
  EXPECT_EQ(
      told(pad(matrix, {{1, 0}, {2, 3}}, PadMode::constant, {.constant_values = {{1, 2}, {3, 4}}})),
      "pad_width=[1, 0, 2, 3], mode=constant, constant_values=[1, 2, 3, 4]");
  EXPECT_EQ(told(pad(matrix, 1, PadMode::linear_ramp, {.end_values = {1, 2}})),
            "pad_width=[1, 1, 1, 1], mode=linear_ramp, constant_values=0, end_values=[1, 2, 1, 2]");
  EXPECT_EQ(told(pad(matrix, 1, PadMode::median, {.stat_length = PadWidth(2)})),
            "pad_width=[1, 1, 1, 1], mode=median, constant_values=0, stat_length=[2, 2, 2, 2]");
  EXPECT_EQ(told(pad(matrix, 1, PadMode::reflect, {.reflect_type = ReflectType::odd})),
            "pad_width=[1, 1, 1, 1], mode=reflect, constant_values=0, reflect_type=odd");
  EXPECT_EQ(told(zeta(2.5, matrix)), "x=2.5");
  EXPECT_EQ(told(concat({x, x}, -1)), "axis=2");
  EXPECT_EQ(told(split_axis(x, {1, 3}, 2)[0]), "indices_or_sections=[1, 3], axis=2");
  EXPECT_EQ(told(split_axis(x, 3, 1)[2]), "indices_or_sections=[1, 2], axis=1");
  EXPECT_EQ(told(separate(x, 1)[0]), "axis=1");
  EXPECT_EQ(told(pad_sequence({x, x}, 5, -1)), "length=5, padding=-1");
  EXPECT_EQ(told(sum(x, {0, -1}, true)), "axis=[0, -1], keepdims=1");
  EXPECT_EQ(told(sum(x)), "keepdims=0");
  EXPECT_EQ(told(mean(x, 1)), "axis=[1], keepdims=0");
  EXPECT_EQ(told(max(x, 1)), "axis=[1], keepdims=0");
  EXPECT_EQ(told(prod(x, 2, true)), "axis=[2], keepdims=1");
  EXPECT_EQ(told(logsumexp(x, 1)), "axis=[1], keepdims=0");
  EXPECT_EQ(told(cumsum(x, 1)), "axis=1, reverse=0");
  EXPECT_EQ(told(cumprod(x, -1)), "axis=2");
  EXPECT_EQ(told(sum_to(x, {1, 4})), "shape=[1, 4]");
  EXPECT_EQ(told(broadcast_to(matrix, {2, 3, 3})), "shape=[2, 3, 3]");
  EXPECT_EQ(told(matmul(matrix, matrix, true)), "transa=1, transb=0");
}

TEST(Attributes, OfIndexing) {
  const Variable x = ramp({4, 3, 2});
  EXPECT_EQ(told(get_item(x, {Slice(1, 3), ellipsis, newaxis, 1})), "indices=1:3, ..., None, 1");
  EXPECT_EQ(told(x[{Slice({}, {}, -1), Slice({}, 2)}]), "indices=::-1, :2");
  EXPECT_EQ(told(x[Array::of<std::int64_t>({0, 2})]), "indices=int64(2)");
  EXPECT_EQ(told(flip(x, 1)), "indices=:, ::-1");
  const Variable gx = grad({sum(square(x[2]))}, {x}, {.create_graph = true})[0];
  EXPECT_EQ(told("GetItemGrad", gx), "shape=[4, 3, 2], indices=2");
  // Also when the positions were overwritten since.
  Array positions = Array::of<std::int64_t>({0, 2});
  const Variable y = x[positions];
  positions.fill(1);
  EXPECT_EQ(told(y), "indices=int64(2)");
}

TEST(Attributes, OfWindows) {
  const Variable x = ramp({1, 4, 7, 9}), W = ramp({6, 2, 2, 3}), rows = ramp({1, 4, 7});
  const Convolution2DOptions options{
      .stride = {1, 2}, .pad = {2, 1}, .dilate = {1, 3}, .groups = 2};
  const Variable y = convolution_2d(x, W, {}, options);
  EXPECT_EQ(told(y), "stride=[1, 2], pad=[2, 1], dilate=[1, 3], groups=2, outsize=[10, 3]");
  EXPECT_EQ(
      told(deconvolution_2d(
          y, W, {},
          {.stride = {1, 2}, .pad = {2, 1}, .outsize = {{7, 9}}, .dilate = {1, 3}, .groups = 2})),
      "stride=[1, 2], pad=[2, 1], dilate=[1, 3], groups=2, outsize=[7, 9]");
  const Variable gW = grad({sum(square(y))}, {W}, {.create_graph = true})[0];
  EXPECT_EQ(told("Convolution2DGradW", gW),
            "stride=[1, 2], pad=[2, 1], dilate=[1, 3], groups=2, ksize=[2, 3]");
  EXPECT_EQ(told("Convolution2DFunction",
                 convolution_1d(rows, ramp({2, 4, 3}), {}, {.stride = 2, .pad = 1})),
            "stride=[1, 2], pad=[0, 1], dilate=[1, 1], groups=1, outsize=[1, 4]");

  EXPECT_EQ(told(max_pooling_2d(x, {2, 3}, {.stride = HeightWidth(1, 2), .pad = {0, 1}})),
            "ksize=[2, 3], stride=[1, 2], pad=[0, 1], outsize=[6, 5]");
  EXPECT_EQ(told(average_pooling_2d(x, 2, {.stride = 1})),
            "ksize=[2, 2], stride=[1, 1], pad=[0, 0], outsize=[6, 8], scale=0.25");
  EXPECT_EQ(told(unpooling_2d(x, 2, {.cover_all = false})),
            "ksize=[2, 2], stride=[2, 2], pad=[0, 0], outsize=[14, 18], scale=1");
  EXPECT_EQ(
      told(upsampling_2d(x, Array::zeros({1, 4, 7, 9}, Dtype::int32), 2, {.cover_all = false})),
      "ksize=[2, 2], stride=[2, 2], pad=[0, 0], outsize=[14, 18]");
}

TEST(Attributes, OfRegions) {
  const Variable x = ramp({1, 2, 4, 5});
  const Array rois = Array::of<float>({0, 0, 3, 4}, Shape{1, 4}), image = Array::of<int>({0});
  EXPECT_EQ(told(roi_average_pooling_2d(x, rois, image, {2, 3}, 0.5)),
            "outsize=[2, 3], spatial_scale=0.5");
  EXPECT_EQ(told(roi_average_align_2d(x, rois, image, 2, 1, {None, 3})),
            "outsize=[2, 2], spatial_scale=1, sampling_ratio=[0, 3]");
}

TEST(Attributes, OfNormalizationsLossesAndNoise) {
  const Variable x = ramp({2, 3, 4}), rows = ramp({2, 3}), c = ramp({3}), one = ramp({2, 3, 4});
  EXPECT_EQ(told(batch_normalization(x, c, c, {.eps = 0.5})), "eps=0.5, axis=[0, 2]");
  EXPECT_EQ(told(fixed_batch_normalization(x, c, c, c, c, 0.25)), "eps=0.25, axis=[0, 2]");
  EXPECT_EQ(told(layer_normalization(rows, c, c, 0.125)), "eps=0.125");
  EXPECT_EQ(told("GroupNormalization", group_normalization(x, 3, c, c, 0.5)), "eps=0.5, axis=[1]");
  const Array labels = Array::of<std::int64_t>({0, 2});
  EXPECT_EQ(told(softmax_cross_entropy(rows, labels, {.normalize = false, .ignore_label = 2})),
            "normalize=0, ignore_label=2, reduce=mean, coeff=0.5");
  EXPECT_EQ(told(softmax_cross_entropy(rows, rows.array(), {.reduce = Reduce::no})),
            "coeff=1, reduce=no");
  EXPECT_EQ(told(dropout(x, 0.25)), "ratio=0.25");
  EXPECT_EQ(told(gaussian(x, one)), "");
}

// A function that was never applied, one that was cut out of its graph, and one that a hook sees
// tell the same.
TEST(Attributes, NeedNoGraph) {
  struct Hook : FunctionHook {
    void forward_preprocess(const FunctionNode& f, const Inputs&) override {
      seen.push_back(to_string(f.attributes()));
    }
    std::vector<std::string> seen;
  } hook;
  const Variable x = ramp({2, 3});
  Variable y;
  {
    const auto scope = hook.watch();
    y = mean(x, 1, true);
  }
  EXPECT_THAT(hook.seen, testing::ElementsAre("axis=[1], keepdims=1"));
  const Ref<FunctionNode> f = y.node()->creator();
  f->unchain();
  EXPECT_EQ(to_string(f->attributes()), "axis=[1], keepdims=1");
}

// ---- all functions: what they compute follows from what they tell

// Notes what each function made of its inputs. Two calls with the same name, attributes and inputs
// must give the same outputs: else something that a function computes with is not told.
class Memo : public FunctionHook {
 public:
  void forward_postprocess(const FunctionNode& f, const Inputs& x, const Arrays& ys) override {
    const std::string who = f.label() + "(" + to_string(f.attributes()) + ")";
    labels.insert(f.label());
    std::string key = who, value;
    for (std::size_t i = 0; i < x.size(); ++i) key += bytes(x[i]);
    for (const Array& y : ys) value += bytes(y);
    const auto [found, added] = outputs.emplace(key, value);
    if (!added && found->second != value) untold.insert(f.label());
  }
  std::set<std::string> labels, untold;

 private:
  static std::string bytes(const Array& a) {
    std::string all = describe(a);
    for (const double v : a.to_vector<double>())
      all.append(reinterpret_cast<const char*>(&v), sizeof v);
    return all;
  }
  std::map<std::string, std::string> outputs;
};

// Ordinary arguments but for one, and what the call asks for.
class Changed : public calls::Ordinary {
 public:
  int at = -1;    // which of the numbers that are asked for is changed
  int to = 0;     // in which way
  int asked = 0;  // how many there were
  int ways = 1;   // in how many ways that one can be changed

  bool wide = false;  // numbers of both signs, and greater ones

  Array array(const std::string& name, const Shape& ordinary) override {
    Array numbers = Ordinary::array(name, ordinary);
    float* p = numbers.mutable_data<float>();
    for (std::int64_t i = 0; wide && i < numbers.size(); ++i) p[i] *= i % 2 == 0 ? -4.f : 5.f;
    return numbers;
  }
  int choice(const std::string&, int n) override { return now(n - 1) ? to + 1 : 0; }
  double real(const std::string&, double ordinary) override {
    return now(2) ? ordinary * (to == 0 ? 0.5 : 1.5) : ordinary;
  }

 protected:
  calls::Int draw(const calls::Number& number) override {
    if (number.ndim >= 0)
      return now(number.ndim - 1) ? (number.ordinary + 1 + to) % number.ndim : number.ordinary;
    constexpr calls::Int kSteps[] = {1, -1, 2};
    return now(3) ? number.ordinary + kSteps[to] : number.ordinary;
  }

 private:
  bool now(int n) {
    if (asked++ != at) return false;
    ways = n;
    return to < n;
  }
};

// Calls, and differentiates twice.
void run(const calls::Call& call, Changed& arguments) {
  try {
    const Variables ys = call.call(arguments);
    Variables wanted;
    for (const Variable& x : arguments.inputs())
      if (x && is_float(x.dtype()) && x.requires_grad()) wanted.push_back(x);
    Variable total;
    for (const Variable& y : ys) {
      if (!y || !is_float(y.dtype()) || !y.node()->creator()) continue;
      const Variable part = sum(square(y));
      total = total ? total + cast(part, total.dtype()) : part;
    }
    if (!total || wanted.empty()) return;
    Variable again;
    for (const Variable& gx : grad({total}, wanted, {.create_graph = true}))
      if (gx) again = again ? again + sum(square(gx)) : sum(square(gx));
    if (again && again.node()->creator()) again.backward();
  } catch (const Error&) {  // not every change is accepted
  }
}

void run_all(const calls::Calls& all) {
  for (const calls::Call& call : all)
    for (const bool wide : {false, true}) {
      Changed ordinary;
      ordinary.wide = wide;
      run(call, ordinary);
      for (int at = 0; at < ordinary.asked; ++at) {
        int ways = 1;
        for (int to = 0; to < ways; ++to) {
          Changed changed;
          changed.wide = wide;
          changed.at = at;
          changed.to = to;
          run(call, changed);
          ways = changed.ways;
        }
      }
    }
}

TEST(Attributes, WithTheInputsSayWhatIsComputed) {
  Memo memo;
  {
    const auto scope = memo.watch();
    run_all(calls::functions());
  }
  EXPECT_GT(memo.labels.size(), 120u);
  for (const char* label : {"Convolution2DGradW", "GetItemGrad", "Recurrence", "Tile", "LeakyReLU"})
    EXPECT_THAT(memo.labels, Contains(label));
  // These keep arrays, which are not told: masks, noise, labels, positions.
  EXPECT_THAT(
      memo.untold,
      testing::ElementsAre("AsStrided", "Diagonal", "Dropout", "EmbedIDFunction",
                           "EmbedIDFunctionGrad", "Gaussian", "GetItem", "GetItemGrad", "Permutate",
                           "ROIAverageAlign2D", "ROIAveragePooling2D", "ROIMaxAlign2D",
                           "ROIMaxPooling2D", "ROIPooling2D", "Repeat", "ScatterAddGrad",
                           "SelectItem", "SoftmaxCrossEntropy", "Upsampling2D", "Where", "zeta"))
      << "others compute with something that they do not tell";
}

// The same of a function that hides what it computes with.
class Hides final : public FunctionNode {
 public:
  explicit Hides(double c) : c_(c) {}

 private:
  std::string_view name() const override { return "hides"; }
  Array forward(const Inputs& x) override { return x[0] * c_; }

  double c_;
};
TEST(Attributes, ThatAreHiddenAreFound) {
  Memo memo;
  const auto scope = memo.watch();
  const calls::Call call{"hides", [](calls::Arguments& a) {
                           return calls::one(apply<Hides>({a.x("x", {2})}, a.real("c", 2)));
                         }};
  run_all({call});
  EXPECT_THAT(memo.untold, testing::ElementsAre("hides"));
}

// ---- the sources: each class that is made with something tells it

struct Class {
  std::string file, name, base, body;
};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The classes of a source that derive from something.
std::vector<Class> classes_of(const std::string& file, const std::string& text) {
  static const std::regex kHead(R"(\n(?:class|struct) (\w+)(?: final)? : public (\w+)[^{;]*\{)");
  std::vector<Class> all;
  for (std::sregex_iterator i(text.begin(), text.end(), kHead), end; i != end; ++i) {
    const auto begin = static_cast<std::size_t>(i->position() + i->length());
    const std::size_t close = text.find("\n};", begin);
    all.push_back({file, (*i)[1], (*i)[2], text.substr(begin, close - begin)});
  }
  return all;
}

// The members that a constructor sets and the text of attributes() does not have.
std::vector<std::string> untold(const Class& c) {
  // What says which function it is; and the input's shape, with ones before it; what is made of
  // arrays; a function, and variables that are held.
  static const std::set<std::string> kNames = {"named_", "name_", "label_", "is_gradient_"};
  static const std::set<std::string> kOfInputs = {
      "Tile: shape_", "RoiMean: size_", "RoiMean: regions_", "Forget: f_", "Forget: leaves_"};
  static const std::regex kMember(R"(\n  (?:const )?([\w:]+(?:<[^;]*>)?) (\w+_)((?:, \w+_)*)[ ;])");
  static const std::regex kArray(R"(Array|Kept<Array>|(?:array::)?\w*(?:Classes|Statistics))");
  const std::size_t at = c.body.find("Attributes attributes() const override");
  std::string told;
  if (at != std::string::npos) {
    const std::string rest = c.body.substr(at);
    const bool one_line = rest.find('\n') > rest.find('}');
    told = one_line ? rest.substr(0, rest.find('\n')) : rest.substr(0, rest.find("\n  }"));
    // A helper that tells a member is a part of it: {"pad_width", flat_widths()}.
    static const std::regex kHelper(R"((\w+)\(\)[,}])");
    const std::string own = told;
    for (std::sregex_iterator i(own.begin(), own.end(), kHelper), last; i != last; ++i) {
      const std::size_t helper = c.body.find(" " + (*i)[1].str() + "() const {");
      if (helper != std::string::npos) {
        const std::size_t stop = c.body.find("\n  }", helper);
        told += c.body.substr(helper, stop - helper);
      }
    }
  }
  std::vector<std::string> missing;
  for (std::sregex_iterator i(c.body.begin(), c.body.end(), kMember), end; i != end; ++i) {
    if (std::regex_match((*i)[1].str(), kArray)) continue;
    std::string names = (*i)[2].str() + (*i)[3].str();
    for (std::size_t begin = 0, stop = 0; stop != std::string::npos; begin = stop + 2) {
      stop = names.find(", ", begin);
      const std::string name = names.substr(begin, stop - begin);
      const bool set = std::regex_search(c.body, std::regex("[:,{]\\s+" + name + "[({]"));
      if (set && told.find(name) == std::string::npos && kNames.count(name) == 0 &&
          kOfInputs.count(c.name + ": " + name) == 0)
        missing.push_back(c.file + ": " + c.name + "::" + name);
    }
  }
  return missing;
}

TEST(Attributes, OfEveryClassAreToldInItsSource) {
  std::vector<Class> all;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(source_path("autograd/functions")))
    if (file.path().extension() == ".cpp" || file.path().extension() == ".h")
      for (Class& c : classes_of(file.path().filename().string(), text_of(file.path())))
        all.push_back(std::move(c));
  std::set<std::string> nodes = {"FunctionNode"}, tell;
  for (std::size_t before = 0; before != nodes.size();) {  // a base may stand behind what derives
    before = nodes.size();
    for (const Class& c : all)
      if (nodes.count(c.base) > 0) nodes.insert(c.name);
  }
  EXPECT_GE(nodes.size(), 45u) << "the pattern finds the classes";
  std::vector<std::string> missing;
  for (const Class& c : all) {
    if (nodes.count(c.name) == 0) continue;
    if (c.body.find("attributes() const override") != std::string::npos) tell.insert(c.name);
    for (std::string& member : untold(c)) missing.push_back(std::move(member));
  }
  EXPECT_GE(tell.size(), 35u);
  EXPECT_THAT(missing, IsEmpty());
}

TEST(Attributes, ThatAClassForgetsAreFound) {
  const auto missing = [](const std::string& text) {
    std::vector<std::string> all;
    for (const Class& c : classes_of("x.cpp", text))
      for (std::string& member : untold(c)) all.push_back(std::move(member));
    return all;
  };
  const std::string head =
                        "\nclass Roll final : public FunctionNode {\n public:\n"
                        "  Roll(int shift, Axes axes, const Array& mask)\n"
                        "      : shift_(shift), axes_(axes), mask_(mask) {}\n\n private:\n",
                    tail =
                        "\n  int shift_;\n  Axes axes_;\n  Array mask_;\n  double seen_ = 0;\n};\n";
  EXPECT_THAT(missing(head + tail),
              testing::ElementsAre("x.cpp: Roll::shift_", "x.cpp: Roll::axes_"));
  EXPECT_THAT(
      missing(head + "  Attributes attributes() const override { return {{\"axis\", axes_}}; }\n" +
              tail),
      testing::ElementsAre("x.cpp: Roll::shift_"));
  EXPECT_THAT(missing(head +
                      "  Attributes attributes() const override {\n    return {{\"axis\", axes_},\n"
                      "            {\"shift\", shift_}};\n  }\n" +
                      tail),
              IsEmpty());
}

}  // namespace
}  // namespace autograd::attributes_test
