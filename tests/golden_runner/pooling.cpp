#include "autograd/functions/pooling/pooling.h"

#include <fmt/format.h>

#include "autograd/functions/pooling/pooling_nd.h"
#include "autograd/functions/pooling/roi_pooling.h"
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

// The cases of upsampling_2d pool x, then put it back. Not all that they do stands in their
// arguments.
Variable pooled_and_upsampled(const Call& c) {
  const bool cover_all = c.text.find("return_indices=True, cover_all=False") == std::string::npos;
  const bool outsize = c.text.find(", outsize=x0.shape[2:]") != std::string::npos;
  const auto given = [&](const char* name) {
    return c.kwargs.has(name) ? fmt::format(", {}={}", name, c.kwargs.integer(name, 0)) : "";
  };
  const std::string windows =
      fmt::format("ksize={}{}{}", c.kwargs.integer("ksize", 0), given("stride"), given("pad"));
  const std::string all = cover_all ? "" : ", cover_all=False";
  const std::string text = fmt::format(
      "ys = []\np, idx = F.max_pooling_2d(x0, {}, return_indices=True{})\n"
      "ys = [F.upsampling_2d(p, idx, {}{}{})]",
      windows, all, windows, outsize ? ", outsize=x0.shape[2:]" : "", all);
  c.kwargs["cover_all"];  // it stands in the text
  if (c.text != text) throw NotBuilt{"upsampling_2d with the lines of " + c.text};
  const auto [y, indices] =
      F::max_pooling_2d_with_indices(c.x(0), ksize(c),
                                     {.stride = c.kwargs.height_width("stride"),
                                      .pad = c.kwargs.height_width("pad").value_or(0),
                                      .cover_all = cover_all});
  F::Unpooling2DOptions options{.stride = c.kwargs.height_width("stride"),
                                .pad = c.kwargs.height_width("pad").value_or(0),
                                .cover_all = cover_all};
  if (outsize) options.outsize = F::HeightWidth(c.x(0).length(2), c.x(0).length(3));
  return F::upsampling_2d(y, indices, ksize(c), options);
}

// The same for images of any number of axes.
void add_pooling_of_any_axes(Table& t) {
  using MaxPooling =
      F::PooledWithIndices (*)(const Variable&, const F::PerAxis&, const F::MaxPoolingNDOptions&);
  for (const auto& [name, f] :
       {std::pair<const char*, MaxPooling>("max_pooling_nd", F::max_pooling_nd_with_indices),
        std::pair<const char*, MaxPooling>("max_pooling_1d", F::max_pooling_1d_with_indices),
        std::pair<const char*, MaxPooling>("max_pooling_3d", F::max_pooling_3d_with_indices)})
    t.add(name, [f = f](const Call& c) -> Variables {
      const auto [y, indices] = f(c.x(0), c.kwargs.per_axis("ksize").value(),
                                  {.stride = c.kwargs.per_axis("stride"),
                                   .pad = c.kwargs.per_axis("pad").value_or(0),
                                   .cover_all = c.kwargs.flag("cover_all", true)});
      return c.kwargs.flag("return_indices") ? Variables{y, Variable(indices)} : Variables{y};
    });
  using AveragePooling =
      Variable (*)(const Variable&, const F::PerAxis&, const F::AveragePoolingNDOptions&);
  for (const auto& [name, f] :
       {std::pair<const char*, AveragePooling>("average_pooling_nd", F::average_pooling_nd),
        std::pair<const char*, AveragePooling>("average_pooling_1d", F::average_pooling_1d),
        std::pair<const char*, AveragePooling>("average_pooling_3d", F::average_pooling_3d)})
    t.add(name, [f = f](const Call& c) {
      F::AveragePoolingNDOptions options{.stride = c.kwargs.per_axis("stride"),
                                         .pad = c.kwargs.per_axis("pad").value_or(0)};
      if (c.kwargs.has("pad_value") && c.kwargs["pad_value"].is(Value::Kind::null))
        options.pad_value.reset();
      return f(c.x(0), c.kwargs.per_axis("ksize").value(), options);
    });
  using Unpooling = Variable (*)(const Variable&, const F::PerAxis&, const F::UnpoolingNDOptions&);
  for (const auto& [name, f] : {std::pair<const char*, Unpooling>("unpooling_nd", F::unpooling_nd),
                                std::pair<const char*, Unpooling>("unpooling_1d", F::unpooling_1d),
                                std::pair<const char*, Unpooling>("unpooling_3d", F::unpooling_3d)})
    t.add(name, [f = f](const Call& c) {
      return f(c.x(0), c.kwargs.per_axis("ksize").value(),
               {.stride = c.kwargs.per_axis("stride"),
                .pad = c.kwargs.per_axis("pad").value_or(0),
                .outsize = c.kwargs.per_axis("outsize"),
                .cover_all = c.kwargs.flag("cover_all", true)});
    });
}

// None, a number, or one of these for the height and the width each.
F::SamplingRatio sampling_ratio(const Call& c) {
  const auto one = [](const Value& v) {
    return v.is(Value::Kind::null) ? std::optional<std::int64_t>() : v.integer();
  };
  const Value& v = c.kwargs["sampling_ratio"];
  return v.is(Value::Kind::list) ? F::SamplingRatio(one(v.items().at(0)), one(v.items().at(1)))
                                 : F::SamplingRatio(one(v), one(v));
}

void add_regions(Table& t) {
  t.add("roi_pooling_2d", [](const Call& c) {
    return F::roi_pooling_2d(c.x(0), c.array_named("rois"), c.kwargs["outh"].integer(),
                             c.kwargs["outw"].integer(), c.kwargs["spatial_scale"].number());
  });
  for (const auto& [name, f] : {std::pair{"roi_max_pooling_2d", &F::roi_max_pooling_2d},
                                std::pair{"roi_average_pooling_2d", &F::roi_average_pooling_2d}})
    t.add(name, [f = f](const Call& c) {
      return f(c.x(0), c.array_named("rois"), c.array_named("roi_indices"),
               c.kwargs.height_width("outsize").value(), c.kwargs["spatial_scale"].number());
    });
  for (const auto& [name, f] : {std::pair{"roi_max_align_2d", &F::roi_max_align_2d},
                                std::pair{"roi_average_align_2d", &F::roi_average_align_2d}})
    t.add(name, [f = f](const Call& c) {
      return f(c.x(0), c.array_named("rois"), c.array_named("roi_indices"),
               c.kwargs.height_width("outsize").value(), c.kwargs["spatial_scale"].number(),
               sampling_ratio(c));
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
  add_regions(t);
}

}  // namespace golden
