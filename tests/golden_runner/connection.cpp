#include "autograd/functions/connection/connection.h"

#include <optional>

#include "autograd/functions/connection/convolution.h"
#include "autograd/functions/connection/convolution_nd.h"
#include "autograd/functions/connection/deformable_convolution_2d_sampler.h"
#include "autograd/functions/connection/shift.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;
namespace {

void add_convolutions(Table& t) {
  t.add("convolution_2d", [](const Call& c) {
    return F::convolution_2d(c.x(0), c.x(1), c.optional_x(2),
                             {.stride = c.kwargs.height_width("stride").value_or(1),
                              .pad = c.kwargs.height_width("pad").value_or(0),
                              .cover_all = c.kwargs.flag("cover_all"),
                              .dilate = c.kwargs.height_width("dilate").value_or(1),
                              .groups = c.kwargs.integer("groups", 1)});
  });
  t.add("deconvolution_2d", [](const Call& c) {
    return F::deconvolution_2d(c.x(0), c.x(1), c.optional_x(2),
                               {.stride = c.kwargs.height_width("stride").value_or(1),
                                .pad = c.kwargs.height_width("pad").value_or(0),
                                .outsize = c.kwargs.height_width("outsize"),
                                .dilate = c.kwargs.height_width("dilate").value_or(1),
                                .groups = c.kwargs.integer("groups", 1)});
  });
  t.add("depthwise_convolution_2d", [](const Call& c) {
    return F::depthwise_convolution_2d(c.x(0), c.x(1), c.optional_x(2),
                                       {.stride = c.kwargs.height_width("stride").value_or(1),
                                        .pad = c.kwargs.height_width("pad").value_or(0)});
  });
  t.add("dilated_convolution_2d", [](const Call& c) {
    return F::dilated_convolution_2d(c.x(0), c.x(1), c.optional_x(2),
                                     {.stride = c.kwargs.height_width("stride").value_or(1),
                                      .pad = c.kwargs.height_width("pad").value_or(0),
                                      .dilate = c.kwargs.height_width("dilate").value_or(1),
                                      .cover_all = c.kwargs.flag("cover_all")});
  });
}

void add_convolutions_of_any_axes(Table& t) {
  using Convolution =
      Variable(const Variable&, const Variable&, const Variable&, const F::ConvolutionNDOptions&);
  const auto convolution = [&](const std::string& name, Convolution* f) {
    t.add(name, [f](const Call& c) {
      return f(c.x(0), c.x(1), c.optional_x(2),
               {.stride = c.kwargs.per_axis("stride").value_or(1),
                .pad = c.kwargs.per_axis("pad").value_or(0),
                .cover_all = c.kwargs.flag("cover_all"),
                .dilate = c.kwargs.per_axis("dilate").value_or(1),
                .groups = c.kwargs.integer("groups", 1)});
    });
  };
  convolution("convolution_nd", F::convolution_nd);
  convolution("convolution_1d", F::convolution_1d);
  convolution("convolution_3d", F::convolution_3d);
  using Deconvolution =
      Variable(const Variable&, const Variable&, const Variable&, const F::DeconvolutionNDOptions&);
  const auto deconvolution = [&](const std::string& name, Deconvolution* f) {
    t.add(name, [f](const Call& c) {
      return f(c.x(0), c.x(1), c.optional_x(2),
               {.stride = c.kwargs.per_axis("stride").value_or(1),
                .pad = c.kwargs.per_axis("pad").value_or(0),
                .outsize = c.kwargs.per_axis("outsize"),
                .dilate = c.kwargs.per_axis("dilate").value_or(1),
                .groups = c.kwargs.integer("groups", 1)});
    });
  };
  deconvolution("deconvolution_nd", F::deconvolution_nd);
  deconvolution("deconvolution_1d", F::deconvolution_1d);
  deconvolution("deconvolution_3d", F::deconvolution_3d);
  t.add("shift", [](const Call& c) {
    return F::shift(c.x(0), {.ksize = c.kwargs.height_width("ksize").value_or(3),
                             .dilate = c.kwargs.height_width("dilate").value_or(1)});
  });
  t.add("deformable_convolution_2d_sampler", [](const Call& c) {
    return F::deformable_convolution_2d_sampler(
        c.x(0), c.x(1), c.x(2), c.optional_x(3),
        {.stride = c.kwargs.height_width("stride").value_or(1),
         .pad = c.kwargs.height_width("pad").value_or(0)});
  });
  t.add("local_convolution_2d", [](const Call& c) {
    return F::local_convolution_2d(c.x(0), c.x(1), c.optional_x(2),
                                   c.kwargs.height_width("stride").value_or(1));
  });
}

}  // namespace

void add_connection(Table& t) {
  t.add("linear", [](const Call& c) {
    return F::linear(c.x(0), c.x(1), c.optional_x(2), c.kwargs.integer("n_batch_axes", 1));
  });
  t.add("embed_id", [](const Call& c) {
    const Value& ignored = c.kwargs["ignore_label"];
    return F::embed_id(
        c.array(0), c.x(1),
        ignored.is(Value::Kind::null) ? std::optional<std::int64_t>() : ignored.integer());
  });
  t.add("bilinear", [](const Call& c) {
    return F::bilinear(c.x(0), c.x(1), c.x(2), c.optional_x(3), c.optional_x(4), c.optional_x(5));
  });
  add_convolutions(t);
  add_convolutions_of_any_axes(t);
}

}  // namespace golden
