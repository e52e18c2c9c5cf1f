#include "nn/initializers/orthogonal.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "autograd/array/linalg.h"
#include "autograd/array/map.h"
#include "autograd/base/check.h"

namespace nn::initializers {

static std::string_view name_of(OrthogonalMode mode) {
  switch (mode) {
    case OrthogonalMode::projection:
      return "projection";
    case OrthogonalMode::embedding:
      return "embedding";
    case OrthogonalMode::basis:
      return "basis";
    default:
      return "auto";
  }
}

static void require_mode(OrthogonalMode mode, const Array& a, std::int64_t rows,
                         std::int64_t columns) {
  const bool tall_only = mode == OrthogonalMode::embedding || mode == OrthogonalMode::basis;
  const bool wide_only = mode == OrthogonalMode::projection || mode == OrthogonalMode::basis;
  if ((columns > rows && tall_only) || (columns < rows && wide_only))
    throw autograd::Error(
        fmt::format("Orthogonal: in mode {} there must be {} columns as rows, but the parameter is "
                    "{}",
                    name_of(mode),
                    tall_only && wide_only ? "as many"
                    : tall_only            ? "at most as many"
                                           : "at least as many",
                    describe(a)));
}

Initializer Orthogonal(const OrthogonalOptions& o) {
  return [o](Array& a) {
    autograd::random::Generator& generator =
        o.generator ? *o.generator : autograd::random::generator();
    if (a.ndim() == 0) {
      a.fill(o.scale * (2 * static_cast<double>(generator.randint(0, 2)) - 1));
      return;
    }
    autograd::Check("Orthogonal", {{"the parameter", a}})
        .that(a.size() > 0, "an array to be initialised must not be empty");
    const std::int64_t rows = a.length(0), columns = a.size() / rows;
    require_mode(o.mode, a, rows, columns);

    Array drawn = Array::empty({rows, columns}, Dtype::float64);
    generator.normal(0, 1, {drawn.mutable_data<double>(), static_cast<std::size_t>(drawn.size())});
    const bool is_wide = columns > rows;
    const auto [q, r] = autograd::array::qr(is_wide ? drawn.transpose() : drawn);
    // Each column of Q takes the sign of the diagonal of R.
    Array signed_q = q.copy();
    for (std::int64_t i = 0; i < r.length(0); ++i) {
      const double factor = std::copysign(o.scale, r.select(0, i).select(0, i).item());
      Array column = signed_q.slice(1, i, 1);
      column.assign(
          autograd::map(autograd::ops::Mul{}, column, Array::full({}, factor, Dtype::float64)));
    }
    a.assign((is_wide ? signed_q.transpose().copy() : signed_q).reshape(a.shape()));
  };
}

}  // namespace nn::initializers
