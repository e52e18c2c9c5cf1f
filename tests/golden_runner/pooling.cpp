#include "autograd/functions/pooling/pooling.h"

#include "autograd/functions/pooling/pooling_nd.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;
namespace {

F::HeightWidth ksize(const Call& c) { return c.kwargs.height_width("ksize").value(); }

F::MaxPooling2DOptions max_options(const Call& c) {
  return {.stride = c.kwargs.height_width("stride"),
          .pad = c.kwargs.height_width("pad").value_or(0),
          .cover_all = c.kwargs.flag("cover_all", true)};
}
F::Unpooling2DOptions unpooling_options(const Call& c) {
  return {.stride = c.kwargs.height_width("stride"),
          .pad = c.kwargs.height_width("pad").value_or(0),
          .outsize = c.kwargs.height_width("outsize"),
          .cover_all = c.kwargs.flag("cover_all", true)};
}

// What the cases of upsampling_2d do is not in their arguments: pool x, then put it back.
Variable pooled_and_upsampled(const Call& c) {
  const bool cover_all = c.text.find("cover_all=False") == std::string::npos;
  const auto [y, indices] =
      F::max_pooling_2d_with_indices(c.x(0), ksize(c), {.cover_all = cover_all});
  return F::upsampling_2d(
      y, indices, ksize(c),
      {.outsize = F::HeightWidth(c.x(0).length(2), c.x(0).length(3)), .cover_all = cover_all});
}

// The same for images of any number of axes.
void add_pooling_of_any_axes(Table& t) {
  using MaxPooling =
      Variable (*)(const Variable&, const F::PerAxis&, const F::MaxPoolingNDOptions&);
  for (const auto& [name, f] :
       {std::pair<const char*, MaxPooling>("max_pooling_1d", F::max_pooling_1d),
        std::pair<const char*, MaxPooling>("max_pooling_3d", F::max_pooling_3d)})
    t.add(name, [f = f](const Call& c) {
      return f(c.x(0), c.kwargs.per_axis("ksize").value(),
               {.stride = c.kwargs.per_axis("stride"),
                .pad = c.kwargs.per_axis("pad").value_or(0),
                .cover_all = c.kwargs.flag("cover_all", true)});
    });
  using AveragePooling =
      Variable (*)(const Variable&, const F::PerAxis&, const F::AveragePoolingNDOptions&);
  for (const auto& [name, f] :
       {std::pair<const char*, AveragePooling>("average_pooling_1d", F::average_pooling_1d),
        std::pair<const char*, AveragePooling>("average_pooling_3d", F::average_pooling_3d)})
    t.add(name, [f = f](const Call& c) {
      F::AveragePoolingNDOptions options{.stride = c.kwargs.per_axis("stride"),
                                         .pad = c.kwargs.per_axis("pad").value_or(0)};
      if (c.kwargs.has("pad_value") && c.kwargs["pad_value"].is(Value::Kind::null))
        options.pad_value.reset();
      return f(c.x(0), c.kwargs.per_axis("ksize").value(), options);
    });
  t.add("unpooling_1d", [](const Call& c) {
    return F::unpooling_1d(c.x(0), c.kwargs.per_axis("ksize").value(),
                           {.stride = c.kwargs.per_axis("stride"),
                            .pad = c.kwargs.per_axis("pad").value_or(0),
                            .cover_all = c.kwargs.flag("cover_all", true)});
  });
}

}  // namespace

void add_pooling(Table& t) {
  t.add("max_pooling_2d", [](const Call& c) -> Variables {
    if (!c.kwargs.flag("return_indices"))
      return {F::max_pooling_2d(c.x(0), ksize(c), max_options(c))};
    const auto [y, indices] = F::max_pooling_2d_with_indices(c.x(0), ksize(c), max_options(c));
    return {y, Variable(indices)};
  });
  t.add("average_pooling_2d", [](const Call& c) {
    return F::average_pooling_2d(c.x(0), ksize(c),
                                 {.stride = c.kwargs.height_width("stride"),
                                  .pad = c.kwargs.height_width("pad").value_or(0)});
  });
  t.add("unpooling_2d",
        [](const Call& c) { return F::unpooling_2d(c.x(0), ksize(c), unpooling_options(c)); });
  t.add("upsampling_2d", pooled_and_upsampled);
  t.add("spatial_pyramid_pooling_2d", [](const Call& c) {
    if (c.kwargs.text("pooling", "max") != "max") throw NotBuilt{"pooling that takes no maxima"};
    return F::spatial_pyramid_pooling_2d(c.x(0), c.kwargs["pyramid_height"].integer());
  });
  add_pooling_of_any_axes(t);
}

}  // namespace golden
