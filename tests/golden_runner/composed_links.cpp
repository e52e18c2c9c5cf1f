#include <fmt/format.h>

#include "autograd/base/error.h"
#include "autograd/functions/evaluation/evaluation.h"
#include "autograd/functions/loss/loss.h"
#include "nn/links/connection/inception.h"
#include "nn/links/connection/mlp_convolution.h"
#include "nn/links/model/classifier.h"
#include "nn/sequential.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/made_values.h"

namespace golden {
namespace {

namespace F = autograd;

bool is_none(const Expression* e) {
  return !e || (e->kind == Expression::Kind::literal && e->value.is(Value::Kind::null));
}

std::vector<std::int64_t> numbers(const Value& v) {
  const std::vector<int> all = v.integers();
  return {all.begin(), all.end()};
}

// A function (y, t) that a Classifier is given.
using Function = nn::ClassifierOptions::Function;
Function function_of_labels(const Expression& e) {
  static const std::map<std::string, Function> kFunctions{
      {"softmax_cross_entropy",
       [](const Variable& y, const Array& t) { return F::softmax_cross_entropy(y, t); }},
      {"sigmoid_cross_entropy",
       [](const Variable& y, const Array& t) { return F::sigmoid_cross_entropy(y, t); }},
      {"mean_squared_error",
       [](const Variable& y, const Variable& t) { return F::mean_squared_error(y, t); }},
      {"mean_absolute_error",
       [](const Variable& y, const Variable& t) { return F::mean_absolute_error(y, t); }},
      {"hinge", [](const Variable& y, const Array& t) { return F::hinge(y, t); }},
      {"accuracy", [](const Variable& y, const Array& t) { return F::accuracy(y, t); }},
      {"binary_accuracy",
       [](const Variable& y, const Array& t) { return F::binary_accuracy(y, t); }},
      {"r2_score", [](const Variable& y, const Variable& t) { return F::r2_score(y, t); }},
  };
  const auto found = kFunctions.find(e.text);
  if (found == kFunctions.end()) throw NotBuilt{"a Classifier with " + e.text};
  return found->second;
}

MadeLink classifier(Arguments& a) {
  nn::ClassifierOptions o;
  if (const Expression* e = a.find(1, "lossfun")) o.lossfun = function_of_labels(*e);
  if (const Expression* e = a.find(2, "accfun")) o.accfun = function_of_labels(*e);
  if (const Value key = a.literal(3, "label_key"); key.is(Value::Kind::text))
    o.label_key = key.text();
  else if (key.is(Value::Kind::number))
    o.label_key = key.integer();
  const MadeLink predictor = make_link(*a.find(0, "predictor"));
  using Link = nn::Classifier<nn::Link>;
  return made(std::make_shared<Link>(predictor.link, o), [](Link& l) {
    Scripted s{.call = [&l](Given& g) {
      if (!g.has_names()) {
        const Variables all = g.all();
        if (all.size() == 2) return Thing(l(all[0], all[1]));
        if (all.size() == 3) return Thing(l(all[0], all[1], all[2]));
        throw autograd::Error("Classifier: the runner knows two arguments or three");
      }
      nn::Dict<Variable> named;
      for (const auto& [name, value] : g.named()) named[name] = value;
      return Thing(l(named));
    }};
    s.members = {{"y", [&l] { return l.y; }},
                 {"loss", [&l] { return l.loss; }},
                 {"accuracy", [&l] { return l.accuracy; }}};
    s.assign["compute_accuracy"] = [&l](const Thing& value) {
      l.compute_accuracy = value.literal.flag();
    };
    return s;
  });
}

}  // namespace

void add_composed_links(Makers& m) {
  m["Classifier"] = classifier;
  m["Sequential"] = [](Arguments& a) {
    nn::Sequential all;
    for (std::size_t i = 0; i < a.call().positional(); ++i) {
      const Expression& layer = *a.find(i, "");
      if (layer.kind == Expression::Kind::call)
        all.append(make_link(layer).link);
      else
        all.append(function_of(&layer));
    }
    return made(std::move(all), [](nn::Sequential& l) {
      return Scripted{.call = [&l](Given& g) { return Thing(l(g.x(0, "x"))); }};
    });
  };
  m["MLPConvolution2D"] = [](Arguments& a) {
    const Value first = a.literal(0, "in_channels"), second = a.literal(1, "out_channels"),
                third = a.literal(2, "ksize");
    const bool is_lazy = third.is(Value::Kind::null);
    nn::MLPConvolution2DOptions o;
    o.stride = a.height_width(3, "stride", 1);
    o.pad = a.height_width(4, "pad", 0);
    o.activation = function_of(a.find(5, "activation"));
    o.conv_init = initializer_of(a.find(99, "conv_init"));
    o.bias_init = initializer_of(a.find(99, "bias_init"));
    return of_x(nn::MLPConvolution2D(is_lazy ? nn::Size(nn::None) : size_of(first),
                                     numbers(is_lazy ? first : second),
                                     *(is_lazy ? second : third).height_width(), o));
  };
  m["Inception"] = [](Arguments& a) {
    return of_x(nn::Inception(size_of(a.literal(0, "in_channels")), a.integer(1, "out1", 0),
                              a.integer(2, "proj3", 0), a.integer(3, "out3", 0),
                              a.integer(4, "proj5", 0), a.integer(5, "out5", 0),
                              a.integer(6, "proj_pool", 0),
                              {.conv_init = initializer_of(a.find(7, "conv_init")),
                               .bias_init = initializer_of(a.find(8, "bias_init"))}));
  };
  m["InceptionBN"] = [](Arguments& a) {
    nn::InceptionBNOptions o;
    o.proj_pool = size_of(a.literal(7, "proj_pool"));
    o.stride = a.height_width(8, "stride", 1);
    o.conv_init = initializer_of(a.find(9, "conv_init"));
    if (const Expression* dtype = a.find(10, "dtype"); !is_none(dtype)) o.dtype = dtype_of(*dtype);
    const std::string pool = a.literal(6, "pooltype").text();
    if (pool != "max" && pool != "avg")
      throw autograd::Error("InceptionBN: there is no such pooltype");
    return of_x(nn::InceptionBN(size_of(a.literal(0, "in_channels")), a.integer(1, "out1", 0),
                                a.integer(2, "proj3", 0), a.integer(3, "out3", 0),
                                a.integer(4, "proj33", 0), a.integer(5, "out33", 0),
                                pool == "max" ? nn::PoolType::max : nn::PoolType::avg, o));
  };
}

}  // namespace golden
