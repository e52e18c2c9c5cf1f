#include "nn/initializers/initializers.h"

#include <cmath>
#include <limits>

#include "autograd/base/check.h"

namespace nn::initializers {
namespace {

using autograd::Check;
using autograd::random::Generator;

struct Fans {
  double in, out;
};
Fans fans(std::string_view op, const Array& a) {
  Check(op, {{"the parameter", a}})
      .that(a.ndim() >= 2, "a shape must have at least 2 axes to have a fan");
  const double field = static_cast<double>(a.shape().slice(2, a.ndim()).elements());
  return {static_cast<double>(a.length(1)) * field, static_cast<double>(a.length(0)) * field};
}

void draw_normal(Array& a, double scale, Generator* generator) {
  Array doubles = Array::empty(a.shape(), Dtype::float64);
  (generator ? *generator : autograd::random::generator())
      .normal(0, scale, {doubles.mutable_data<double>(), static_cast<std::size_t>(doubles.size())});
  a.assign(doubles);
}
void draw_uniform(Array& a, double scale, Generator* generator) {
  Array doubles = Array::empty(a.shape(), Dtype::float64);
  (generator ? *generator : autograd::random::generator())
      .uniform(-scale, scale,
               {doubles.mutable_data<double>(), static_cast<std::size_t>(doubles.size())});
  a.assign(doubles);
}

}  // namespace

Initializer NaN() { return std::numeric_limits<double>::quiet_NaN(); }

Initializer Normal(double scale, Generator* generator) {
  return [=](Array& a) { draw_normal(a, scale, generator); };
}
Initializer Uniform(double scale, Generator* generator) {
  return [=](Array& a) { draw_uniform(a, scale, generator); };
}

Initializer LeCunNormal(const RandomOptions& o) {
  return [o](Array& a) {
    draw_normal(a, o.scale * std::sqrt(1 / fans("LeCunNormal", a).in), o.generator);
  };
}
Initializer LeCunUniform(const RandomOptions& o) {
  return [o](Array& a) {
    draw_uniform(a, o.scale * std::sqrt(3 / fans("LeCunUniform", a).in), o.generator);
  };
}
Initializer GlorotNormal(const RandomOptions& o) {
  return [o](Array& a) {
    const Fans f = fans("GlorotNormal", a);
    draw_normal(a, o.scale * std::sqrt(2 / (f.in + f.out)), o.generator);
  };
}
Initializer GlorotUniform(const RandomOptions& o) {
  return [o](Array& a) {
    const Fans f = fans("GlorotUniform", a);
    draw_uniform(a, o.scale * std::sqrt(6 / (f.in + f.out)), o.generator);
  };
}
Initializer HeNormal(const FanOptions& o) {
  return [o](Array& a) {
    const Fans f = fans("HeNormal", a);
    draw_normal(a, o.scale * std::sqrt(2 / (o.fan_option == Fan::in ? f.in : f.out)), o.generator);
  };
}
Initializer HeUniform(const RandomOptions& o) {
  return [o](Array& a) {
    draw_uniform(a, o.scale * std::sqrt(6 / fans("HeUniform", a).in), o.generator);
  };
}

Initializer Identity(double scale) {
  return [scale](Array& a) {
    Check("Identity", {{"the parameter", a}})
        .that(a.ndim() == 2 && a.length(0) == a.length(1),
              "only a square matrix can be the identity");
    a.fill(0);
    Array diagonal = a.as_strided({a.length(0)}, {a.strides()[0] + a.strides()[1]});
    diagonal.fill(scale);
  };
}

}  // namespace nn::initializers
