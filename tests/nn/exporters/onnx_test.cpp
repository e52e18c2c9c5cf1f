// Each exported file is checked by ONNX's own checker, and its shapes by ONNX's inference. Its numbers
// are compared by compare.mjs, which needs a runtime: README.md in this folder.
#include "nn/exporters/onnx.h"

#include <gmock/gmock.h>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "autograd/array/linalg.h"
#include "autograd/autograd.h"
#include "autograd/graph/hook.h"
#include "nn/files/npz.h"
#include "nn/nn.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::exporters {
namespace {

namespace F = autograd;
namespace L = nn::links;
using F::Array, F::Dtype, F::Shape, F::Variable, F::Variables;
using testing::Contains;
using testing::HasSubstr;

Variable drawn(const Shape& shape, double low = -1, double high = 1) {
  return as_variable(F::array::uniform(low, high, shape).astype(Dtype::float32));
}

onnx::ModelProto read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(std::string(std::istreambuf_iterator<char>(file), {})));
  return model;
}

// Exports, checks, and leaves what a runtime needs to compare the numbers, where somebody asks for
// it.
void check(const std::string& name, const OnnxFunction& compute, const Variables& inputs,
           Link* link = nullptr) {
  SCOPED_TRACE(name);
  const char* const asked = std::getenv("CHAINETTE_ONNX_CASES");
  const Folder own;
  const std::string path = asked ? std::string(asked) + "/" + name : own / name;
  export_onnx(path + ".onnx", compute, inputs, {.model = link});

  onnx::ModelProto model = read(path + ".onnx");
  EXPECT_NO_THROW(onnx::checker::check_model(model));
  // The inference adds what it finds, and throws where it is not what the file says.
  const onnx::ShapeInferenceOptions strict(true, 1, false);
  EXPECT_NO_THROW(
      onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), strict));

  if (!asked) return;
  const auto test = F::using_config(&F::Config::train, false);
  const Variables outputs = compute(inputs);
  NpzWriter numbers(path + ".npz", {.compression = false});
  for (std::size_t i = 0; i < inputs.size(); ++i)
    numbers.write("input_" + std::to_string(i), inputs[i].array());
  for (std::size_t i = 0; i < outputs.size(); ++i)
    numbers.write("output_" + std::to_string(i), outputs[i].array());
  numbers.close();
}

// The names of the functions that a computation calls.
class Names : public F::FunctionHook {
 public:
  void forward_postprocess(const F::FunctionNode& f, const F::Inputs&, const F::Arrays&) override {
    seen.insert(std::string(f.name()));
  }
  std::set<std::string> seen;
};

using One = std::function<Variable(const Variable&)>;

struct UnaryCase {
  std::string name;
  One f;
  double low = -1, high = 1;
};

// Every function that can be exported is exported by one of these.
TEST(ExportOnnx, EveryFunction) {
  Names names;
  const auto watching = names.watch();
  const std::vector<UnaryCase> unary{
      {"absolute", [](auto& x) { return F::absolute(x); }},
      {"add_number", [](auto& x) { return x + 2; }},
      {"sub_number", [](auto& x) { return x - 2; }},
      {"number_sub", [](auto& x) { return 2 - x; }},
      {"mul_number", [](auto& x) { return x * 3; }},
      {"div_number", [](auto& x) { return x / 3; }},
      {"number_div", [](auto& x) { return 3 / x; }, 0.5, 2},
      {"pow_number", [](auto& x) { return F::pow(x, 3); }},
      {"number_pow", [](auto& x) { return F::pow(3, x); }},
      {"neg", [](auto& x) { return -x; }},
      {"arccos", [](auto& x) { return F::arccos(x); }},
      {"arcsin", [](auto& x) { return F::arcsin(x); }},
      {"arctan", [](auto& x) { return F::arctan(x); }},
      {"arctanh", [](auto& x) { return F::arctanh(x); }, -0.9, 0.9},
      {"clip", [](auto& x) { return F::clip(x, -0.5, 0.25); }},
      {"clipped_relu", [](auto& x) { return F::clipped_relu(x, 0.5); }},
      {"copy", [](auto& x) { return F::copy(x) + 1; }},
      {"cos", [](auto& x) { return F::cos(x); }},
      {"cosh", [](auto& x) { return F::cosh(x); }},
      {"cumsum", [](auto& x) { return F::cumsum(x, 1); }},
      {"elu", [](auto& x) { return F::elu(x, 0.7); }},
      {"erf", [](auto& x) { return F::erf(x); }},
      {"erfc", [](auto& x) { return F::erfc(x); }},
      {"exp", [](auto& x) { return F::exp(x); }},
      {"expm1", [](auto& x) { return F::expm1(x); }},
      {"hard_sigmoid", [](auto& x) { return F::hard_sigmoid(x * 4); }},
      {"identity", [](auto& x) { return F::identity(x) + 1; }},
      {"leaky_relu", [](auto& x) { return F::leaky_relu(x, 0.3); }},
      {"log", [](auto& x) { return F::log(x); }, 0.1, 3},
      {"log10", [](auto& x) { return F::log10(x); }, 0.1, 3},
      {"log1p", [](auto& x) { return F::log1p(x); }, -0.5, 3},
      {"log2", [](auto& x) { return F::log2(x); }, 0.1, 3},
      {"relu", [](auto& x) { return F::relu(x); }},
      {"rsqrt", [](auto& x) { return F::rsqrt(x); }, 0.1, 3},
      {"sigmoid", [](auto& x) { return F::sigmoid(x); }},
      {"sin", [](auto& x) { return F::sin(x); }},
      {"sinh", [](auto& x) { return F::sinh(x); }},
      {"softplus", [](auto& x) { return F::softplus(x); }},
      {"softplus_beta", [](auto& x) { return F::softplus(x, 2); }},
      {"sqrt", [](auto& x) { return F::sqrt(x); }, 0, 3},
      {"square", [](auto& x) { return F::square(x); }},
      {"tan", [](auto& x) { return F::tan(x); }},
      {"tanh", [](auto& x) { return F::tanh(x); }},
      {"softmax", [](auto& x) { return F::softmax(x, 1); }},
      {"softmax_last", [](auto& x) { return F::softmax(x, -1); }},
      {"log_softmax", [](auto& x) { return F::log_softmax(x, 1); }},
      {"logsumexp", [](auto& x) { return F::logsumexp(x, 1); }},
      {"max",
       [](auto& x) {
         return F::max(x, {0, 2});
       }},
      {"max_all", [](auto& x) { return F::max(x); }},
      {"min", [](auto& x) { return F::min(x, 1, true); }},
      {"mean", [](auto& x) { return F::mean(x, 1); }},
      {"prod", [](auto& x) { return F::prod(x, 2); }},
      {"sum",
       [](auto& x) {
         return F::sum(x, {0, -1}, true);
       }},
      {"sum_all", [](auto& x) { return F::sum(x); }},
      {"sum_to",
       [](auto& x) {
         return F::sum_to(x, {1, 4});
       }},
      {"broadcast_to",
       [](auto& x) {
         return F::broadcast_to(x, {5, 2, 3, 4});
       }},
      {"reshape",
       [](auto& x) {
         return F::reshape(x, {6, -1});
       }},
      {"expand_dims", [](auto& x) { return F::expand_dims(x, 1); }},
      {"squeeze", [](auto& x) { return F::squeeze(x[{F::Slice(0, 1)}], 0); }},
      {"flatten", [](auto& x) { return F::flatten(x); }},
      {"transpose", [](auto& x) { return F::transpose(x); }},
      {"transpose_axes",
       [](auto& x) {
         return F::transpose(x, {1, -1, 0});
       }},
      {"swapaxes", [](auto& x) { return F::swapaxes(x, 0, 2); }},
      {"rollaxis", [](auto& x) { return F::rollaxis(x, 2); }},
      {"moveaxis", [](auto& x) { return F::moveaxis(x, 0, 2); }},
      {"tile",
       [](auto& x) {
         return F::tile(x, {2, 1, 3});
       }},
      {"tile_more",
       [](auto& x) {
         return F::tile(x, {2, 1, 1, 3});
       }},
      {"pad",
       [](auto& x) {
         return F::pad(x, {{1, 0}, {0, 2}, {1, 1}}, F::PadMode::constant, 0.5);
       }},
      {"pad_edge", [](auto& x) { return F::pad(x, 1, F::PadMode::edge); }},
      {"pad_reflect", [](auto& x) { return F::pad(x, 1, F::PadMode::reflect); }},
      {"concat",
       [](auto& x) {
         return F::concat({x, x * 2}, -1);
       }},
      {"stack",
       [](auto& x) {
         return F::stack({x, x * 2}, 1);
       }},
      {"split_axis",
       [](auto& x) {
         return F::split_axis(x, {1, 3}, 2)[1];
       }},
      {"separate", [](auto& x) { return F::separate(x, 1)[2]; }},
      {"get_item",
       [](auto& x) {
         return x[{1, F::ellipsis, F::newaxis, F::Slice(1, 4, 2)}];
       }},
      {"get_item_back",
       [](auto& x) {
         return x[{F::Slice({}, {}, -1), F::Slice(-2, {})}];
       }},
      {"get_item_negative",
       [](auto& x) {
         return x[{F::Slice(), -1}];
       }},
      {"flip", [](auto& x) { return F::flip(x, 1); }},
      {"matmul", [](auto& x) { return F::matmul(x, x, true, false); }},
      {"matmul_b", [](auto& x) { return F::matmul(x, x, false, true); }},
      {"swish",
       [](auto& x) {
         return F::swish(
             x, Array::of<float>({0.5f, 1, 2}, Shape{3, 1}) + Array::zeros({3, 4}, Dtype::float32));
       }},
      {"prelu",
       [](auto& x) {
         return F::prelu(x, Array::of<float>({0.5f, 0.1f, 2}));
       }},
      {"selu", [](auto& x) { return F::selu(x); }},
      {"maxout",
       [](auto& x) {
         return F::maxout(F::reshape(x, {6, 4}), 2);
       }},
      {"maximum", [](auto& x) { return F::maximum(x, x * 2); }},
      {"minimum", [](auto& x) { return F::minimum(x, x * x); }},
      {"squared_error", [](auto& x) { return F::squared_error(x, x * 3); }},
      {"cast", [](auto& x) { return F::cast(x, Dtype::float64) * 2; }},
      {"layer_normalization",
       [](auto& x) {
         return F::layer_normalization(F::reshape(x, {6, 4}), Array::of<float>({1, 2, 3, 4}),
                                       Array::of<float>({0, 1, 0, 1}));
       }},
      {"fixed_batch_normalization",
       [](auto& x) {
         const Array a = Array::of<float>({1, 2, 0.5f});
         return F::fixed_batch_normalization(x, a, a, a, a, 1e-3);
       }},
      {"fixed_batch_normalization_axis",
       [](auto& x) {
         const Array a = Array::of<float>({1, 2, 0.5f, 3});
         return F::fixed_batch_normalization(x, a, a, a, a, 1e-3, {0, 1});
       }},
      {"dropout", [](auto& x) { return F::dropout(x, 0.5) * 2; }},
      {"constant",
       [](auto& x) {
         return x * Array::full({3, 4}, 2, Dtype::float32);
       }},
  };
  for (const UnaryCase& c : unary)
    check(c.name, [&](const Variables& in) { return Variables{c.f(in[0])}; },
          {drawn({2, 3, 4}, c.low, c.high)});

  const Variable images = drawn({2, 4, 7, 6}), W = drawn({6, 2, 3, 2}), b = drawn({6});
  for (const auto& [name, options] : std::vector<std::pair<std::string, F::Convolution2DOptions>>{
           {"plain", {.groups = 2}},
           {"all", {.stride = {2, 1}, .pad = {1, 2}, .dilate = {1, 2}, .groups = 2}},
           {"cover_all", {.stride = 2, .cover_all = true, .groups = 2}},
           {"cut", {.stride = {3, 4}, .groups = 2}}})
    check("convolution_2d_" + name,
          [&, &o = options](const Variables& in) {
            return Variables{F::convolution_2d(in[0], W, b, o)};
          },
          {images});
  const Variable V = drawn({4, 3, 3, 2});
  for (const auto& [name, options] : std::vector<std::pair<std::string, F::Deconvolution2DOptions>>{
           {"plain", {}},
           {"all", {.stride = {2, 3}, .pad = {1, 0}, .groups = 2}},
           {"outsize", {.stride = 2, .pad = 1, .outsize = {{14, 11}}}}})
    check("deconvolution_2d_" + name,
          [&, &o = options](const Variables& in) {
            return Variables{F::deconvolution_2d(in[0], V, {}, o)};
          },
          {images});
  check("max_pooling_2d",
        [](const Variables& in) { return Variables{F::max_pooling_2d(in[0], 2)}; }, {images});
  check(
      "max_pooling_2d_pad",
      [](const Variables& in) {
        return Variables{F::max_pooling_2d(in[0], 3, {.stride = 2, .pad = 1, .cover_all = false})};
      },
      {images});
  check("average_pooling_2d",
        [](const Variables& in) {
          return Variables{F::average_pooling_2d(in[0], 3, {.stride = 2, .pad = 1})};
        },
        {images});
  check("unpooling_2d",
        [](const Variables& in) {
          return Variables{F::unpooling_2d(in[0], 2, {.cover_all = false})};
        },
        {images});
  check("unpooling_2d_cover_all",
        [](const Variables& in) { return Variables{F::unpooling_2d(in[0], 2)}; }, {images});
  check("convolution_1d",
        [filters = drawn({5, 3, 2})](const Variables& in) {
          return Variables{F::convolution_1d(in[0], filters)};
        },
        {drawn({2, 3, 8})});
  const Variable wide = drawn({5, 12}), narrow = drawn({5, 4}), bias = drawn({5});
  check("linear",
        [&](const Variables& in) {
          return Variables{F::linear(in[0], wide, bias), F::linear(in[0], narrow, {}, 2)};
        },
        {drawn({2, 3, 4})});
  check("two_inputs",
        [](const Variables& in) {
          return Variables{in[0] * in[1], in[0] - in[1], in[0] / in[1]};
        },
        {drawn({3, 1}), drawn({2, 3, 4}, 1, 2)});
  check("power_of_two_inputs",
        [](const Variables& in) { return Variables{F::pow(in[0], in[1]) + in[0]}; },
        {drawn({2, 2}, 0.5, 2), drawn({2, 2})});

  for (const std::string& name : onnx_functions()) EXPECT_THAT(names.seen, Contains(name));
}

class Autoencoder : public Chain {
 public:
  void list(Members& members) override {
    members("encode", encode)("norm", norm)("decode", decode);
  }
  Variable operator()(const Variable& x) { return F::sigmoid(decode(norm(F::relu(encode(x))))); }
  L::Linear encode{12, 5}, decode{5, 12};
  L::BatchNormalization norm{5};
};

TEST(ExportOnnx, Models) {
  Autoencoder model;
  check(
      "autoencoder", [&](const Variables& in) { return Variables{model(in[0])}; }, {drawn({3, 12})},
      &model);
  L::LSTM lstm(4, 6);
  const Variable c = drawn({2, 6}), h = drawn({2, 6});
  check(
      "lstm_step",
      [&](const Variables& in) {
        lstm.set_state(in[1], in[2]);
        const Variable y = lstm(in[0]);
        return Variables{y, lstm.c, lstm.h};
      },
      {drawn({2, 4}), c, h}, &lstm);
  L::StatelessGRU gru(4, 6);
  check(
      "gru_step", [&](const Variables& in) { return Variables{gru(in[0], in[1])}; },
      {h, drawn({2, 4})}, &gru);
  L::Convolution2D convolution(4, 8, 3, 2, 1);
  L::Deconvolution2D deconvolution(8, 4, 4, 2, 1);
  check("convolutions",
        [&](const Variables& in) {
          return Variables{deconvolution(F::leaky_relu(convolution(in[0])))};
        },
        {drawn({2, 4, 8, 8})});
}

TEST(ExportOnnx, ParametersKeepTheirPaths) {
  const Folder folder;
  Autoencoder model;
  export_onnx(folder / "a.onnx", [&](const Variables& in) { return Variables{model(in[0])}; },
              {drawn({3, 12})},
              {.model = &model, .input_names = {"x"}, .output_names = {"y"}, .graph_name = "ae"});
  const onnx::ModelProto file = read(folder / "a.onnx");
  std::set<std::string> names;
  for (const auto& tensor : file.graph().initializer()) names.insert(tensor.name());
  for (const char* name : {"encode/W", "encode/b", "norm/gamma", "norm/beta", "decode/W"})
    EXPECT_THAT(names, Contains(name));
  EXPECT_EQ(file.graph().name(), "ae");
  EXPECT_EQ(file.graph().input(0).name(), "x");
  EXPECT_EQ(file.graph().output(0).name(), "y");
  // In testing, batch normalization takes the averages of training, and keeps them as they are.
  EXPECT_EQ(model.norm.avg_mean.to_vector<float>(), std::vector<float>(5, 0));
}

TEST(ExportOnnx, WhatCannotBeExported) {
  const Folder folder;
  const auto message = [&](const OnnxFunction& compute) {
    return message_of<F::Error>([&] {
      export_onnx(folder / "a.onnx", compute, {drawn({2, 3})}, {});
    });
  };
  EXPECT_EQ(
      message([](const Variables& in) { return Variables{F::digamma(in[0])}; }),
      "export_onnx: every function must have a form in ONNX, but digamma has none: no operator "
      "is known for it");
  EXPECT_EQ(
      message([](const Variables& in) {
        return Variables{in[0][Array::of<std::int64_t>({1, 0})]};
      }),
      "export_onnx: every function must have a form in ONNX, but get_item has none: an array of "
      "positions is no part of the graph");
  EXPECT_EQ(message([](const Variables&) { return Variables{drawn({2})}; }),
            "export_onnx: an output must depend on an input, but none does");
  EXPECT_THAT(message([](const Variables& in) { return Variables{F::normalize(in[0])}; }),
              HasSubstr("but where has none: its condition is an array outside the graph"));
  EXPECT_THAT(message([](const Variables& in) {
                return Variables{F::pad(in[0], 1, F::PadMode::symmetric)};
              }),
              HasSubstr("does not pad in the mode symmetric"));
  EXPECT_EQ(folder.number_of_files(), 0u);
}

}  // namespace
}  // namespace nn::exporters
