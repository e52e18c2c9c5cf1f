#include <functional>
#include <optional>
#include <utility>

#include "autograd/functions/activation/activation.h"
#include "nn/initializers/initializer.h"
#include "nn/links/activation/activations.h"
#include "nn/links/activation/maxout.h"
#include "nn/links/connection/bias.h"
#include "nn/links/connection/bilinear.h"
#include "nn/links/connection/convolution.h"
#include "nn/links/connection/convolution_nd.h"
#include "nn/links/connection/deconvolution.h"
#include "nn/links/connection/deconvolution_nd.h"
#include "nn/links/connection/depthwise_convolution.h"
#include "nn/links/connection/embed_id.h"
#include "nn/links/connection/highway.h"
#include "nn/links/connection/linear.h"
#include "nn/links/connection/local_convolution.h"
#include "nn/links/connection/scale.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/links/normalization/layer_normalization.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/script.h"
#include "tests/golden_runner/table.h"

// Each link is made as the manifest says, given the stored parameters, and called.
namespace golden {
namespace F = autograd;
namespace {

// Of x alone.
template <class L>
Variables called_with_x(L& link, const Call& c) {
  set_parameters(link, c);
  return run_script(c, {.call = [&](Given& g) { return Thing(link(g.x(0, "x"))); }});
}
// Of x and, where it is given, of y.
template <class L>
Variables called_with_x_and_y(L& link, const Call& c) {
  set_parameters(link, c);
  return run_script(
      c, {.call = [&](Given& g) {
        return Thing(g.count() > 1 ? link(g.x(0, "x"), g.x(1, "y")) : link(g.x(0, "x")));
      }});
}

nn::ShapeOrNone or_none(const std::optional<Shape>& shape) {
  return shape ? nn::ShapeOrNone(*shape) : nn::None;
}

void add_small_links(Table& t) {
  t.add("Bias", [](const Call& c) {
    Arguments& made = c.made();
    nn::Bias link(made.integer(0, "axis", 1), or_none(made.shape(1, "shape")));
    return called_with_x_and_y(link, c);
  });
  t.add("Scale", [](const Call& c) {
    Arguments& made = c.made();
    nn::Scale link(made.integer(0, "axis", 1),
                   {.W_shape = or_none(made.shape(1, "W_shape")),
                    .bias_term = made.flag(2, "bias_term"),
                    .bias_shape = or_none(made.shape(3, "bias_shape"))});
    return called_with_x_and_y(link, c);
  });
  t.add("PReLU", [](const Call& c) {
    nn::PReLU link(c.made().shape(0, "shape").value_or(Shape{}));
    return called_with_x(link, c);
  });
  t.add("Swish", [](const Call& c) {
    nn::Swish link(or_none(c.made().shape(0, "beta_shape")));
    return called_with_x(link, c);
  });
  t.add("Maxout", [](const Call& c) {
    Arguments& made = c.made();
    // Chainer's Maxout has no bias where the initial one is None.
    const Expression* bias = made.find(4, "initial_bias");
    const bool nobias = bias && literal(*bias).is(Value::Kind::null);
    nn::Maxout link(made.integer(0, "in_size", 0), made.integer(1, "out_size", 0),
                    made.integer(2, "pool_size", 0), {.nobias = nobias});
    return called_with_x(link, c);
  });
  t.add("Bilinear", [](const Call& c) {
    Arguments& made = c.made();
    nn::Bilinear link(made.integer(0, "left_size", 0), made.integer(1, "right_size", 0),
                      made.integer(2, "out_size", 0), {.nobias = made.flag(3, "nobias")});
    set_parameters(link, c);
    return run_script(c,
                      {.call = [&](Given& g) { return Thing(link(g.x(0, "e1"), g.x(1, "e2"))); }});
  });
}

void add_convolution_links(Table& t) {
  t.add("Convolution2D", [](const Call& c) {
    Arguments& made = c.made();
    nn::Convolution2D link(made.integer(0, "in_channels", 0), made.integer(1, "out_channels", 0),
                           made.height_width(2, "ksize", 0),
                           {.stride = made.height_width(3, "stride", 1),
                            .pad = made.height_width(4, "pad", 0),
                            .nobias = made.flag(5, "nobias"),
                            .dilate = made.height_width(8, "dilate", 1),
                            .groups = made.integer(9, "groups", 1)});
    return called_with_x(link, c);
  });
  t.add("Deconvolution2D", [](const Call& c) {
    Arguments& made = c.made();
    nn::Deconvolution2D link(made.integer(0, "in_channels", 0), made.integer(1, "out_channels", 0),
                             made.height_width(2, "ksize", 0),
                             {.stride = made.height_width(3, "stride", 1),
                              .pad = made.height_width(4, "pad", 0),
                              .nobias = made.flag(5, "nobias"),
                              .outsize = made.height_width(6, "outsize"),
                              .dilate = made.height_width(9, "dilate", 1),
                              .groups = made.integer(10, "groups", 1)});
    return called_with_x(link, c);
  });
  t.add("DepthwiseConvolution2D", [](const Call& c) {
    Arguments& made = c.made();
    nn::DepthwiseConvolution2D link(made.integer(0, "in_channels", 0),
                                    made.integer(1, "channel_multiplier", 0),
                                    made.height_width(2, "ksize", 0),
                                    {.stride = made.height_width(3, "stride", 1),
                                     .pad = made.height_width(4, "pad", 0),
                                     .nobias = made.flag(5, "nobias")});
    return called_with_x(link, c);
  });
  t.add("DilatedConvolution2D", [](const Call& c) {
    Arguments& made = c.made();
    nn::DilatedConvolution2D link(made.integer(0, "in_channels", 0),
                                  made.integer(1, "out_channels", 0),
                                  made.height_width(2, "ksize", 0),
                                  {.stride = made.height_width(3, "stride", 1),
                                   .pad = made.height_width(4, "pad", 0),
                                   .dilate = made.height_width(5, "dilate", 1),
                                   .nobias = made.flag(6, "nobias")});
    return called_with_x(link, c);
  });
}

// Those of any number of axes: `first` is the number of what stands before the channels.
template <class O>
O convolution_options(Arguments& made, std::size_t first) {
  O o;
  o.stride = made.per_axis(first + 3, "stride").value_or(1);
  o.pad = made.per_axis(first + 4, "pad").value_or(0);
  o.nobias = made.flag(first + 5, "nobias");
  if constexpr (requires { o.outsize; }) {
    o.outsize = made.per_axis(first + 6, "outsize");
    o.dilate = made.per_axis(first + 9, "dilate").value_or(1);
    o.groups = made.integer(first + 10, "groups", 1);
  } else {
    o.cover_all = made.flag(first + 8, "cover_all");
    o.dilate = made.per_axis(first + 9, "dilate").value_or(1);
    o.groups = made.integer(first + 10, "groups", 1);
  }
  return o;
}

template <class L, class O>
void add_convolution_of_any_axes(Table& t, const std::string& name) {
  t.add(name, [](const Call& c) {
    Arguments& made = c.made();
    L link(made.integer(0, "ndim", 1), made.integer(1, "in_channels", 0),
           made.integer(2, "out_channels", 0), made.per_axis(3, "ksize").value(),
           convolution_options<O>(made, 1));
    return called_with_x(link, c);
  });
}
template <class L, class O>
void add_convolution_of_axes(Table& t, const std::string& name) {
  t.add(name, [](const Call& c) {
    Arguments& made = c.made();
    L link(made.integer(0, "in_channels", 0), made.integer(1, "out_channels", 0),
           made.per_axis(2, "ksize").value(), convolution_options<O>(made, 0));
    return called_with_x(link, c);
  });
}

void add_convolutions_of_any_axes(Table& t) {
  add_convolution_of_any_axes<nn::ConvolutionND, nn::ConvolutionNDOptions>(t, "ConvolutionND");
  add_convolution_of_axes<nn::Convolution1D, nn::ConvolutionNDOptions>(t, "Convolution1D");
  add_convolution_of_axes<nn::Convolution3D, nn::ConvolutionNDOptions>(t, "Convolution3D");
  add_convolution_of_any_axes<nn::DeconvolutionND, nn::DeconvolutionNDOptions>(t,
                                                                               "DeconvolutionND");
  add_convolution_of_axes<nn::Deconvolution1D, nn::DeconvolutionNDOptions>(t, "Deconvolution1D");
  add_convolution_of_axes<nn::Deconvolution3D, nn::DeconvolutionNDOptions>(t, "Deconvolution3D");
  t.add("LocalConvolution2D", [](const Call& c) {
    Arguments& made = c.made();
    nn::LocalConvolution2D link(
        made.integer(0, "in_channels", 0), made.integer(1, "out_channels", 0),
        made.height_width(2, "in_size"), made.height_width(3, "ksize", 0),
        {.stride = made.height_width(4, "stride", 1), .nobias = made.flag(5, "nobias")});
    return called_with_x(link, c);
  });
}

nn::Initializer constant_of(const Value& v) {
  return v.is(Value::Kind::null) ? nn::Initializer() : nn::Initializer(v.number());
}

void add_normalizations(Table& t) {
  t.add("BatchNormalization", [](const Call& c) {
    if (c.text.starts_with("with "))
      throw NotBuilt{
          "BatchNormalization that is tested first: Chainer's gradient is that of the "
          "averages as training changed them"};
    Arguments& made = c.made();
    nn::BatchNormalization link(
        made.shape(0, "size").value(),
        {.decay = made.number(1, "decay", 0.9),
         .eps = made.number(2, "eps", 2e-5),
         .use_gamma = made.flag(4, "use_gamma", true),
         .use_beta = made.flag(5, "use_beta", true),
         .axis = made.axes(8, "axis").value_or(Axes(std::nullopt)),
         .initial_avg_mean = constant_of(made.literal(9, "initial_avg_mean")),
         .initial_avg_var = constant_of(made.literal(10, "initial_avg_var"))});
    set_parameters(link, c);
    const Variables ys = run_script(
        c, {.call = [&](Given& g) { return Thing(link(g.x(0, "x"), g.flag(1, "finetune"))); },
            .methods = {{"start_finetuning", [&](Given&) {
                           link.start_finetuning();
                           return Thing();
                         }}}});
    c.after["link.avg_mean"] = link.avg_mean;
    c.after["link.avg_var"] = link.avg_var;
    c.after["link.N"] = Array::scalar(link.N);
    return ys;
  });
  t.add("LayerNormalization", [](const Call& c) {
    Arguments& made = c.made();
    nn::LayerNormalization link(made.integer(0, "size", 0), {.eps = made.number(1, "eps", 1e-6)});
    return called_with_x(link, c);
  });
  t.add("GroupNormalization", [](const Call& c) {
    Arguments& made = c.made();
    nn::GroupNormalization link(made.integer(0, "groups", 0), made.integer(1, "size", 0),
                                {.eps = made.number(2, "eps", 1e-5)});
    return called_with_x(link, c);
  });
  t.add("EmbedID", [](const Call& c) {
    Arguments& made = c.made();
    const Value ignored = made.literal(3, "ignore_label");
    nn::EmbedID link(made.integer(0, "in_size", 0), made.integer(1, "out_size", 0),
                     {.ignore_label = ignored.is(Value::Kind::null) ? std::optional<std::int64_t>()
                                                                    : ignored.integer()});
    return called_with_x(link, c);
  });
}

// An activation that stands in Python: F.tanh.
std::function<Variable(const Variable&)> activation(const Expression* e) {
  if (!e) return {};
  using Activation = Variable (*)(const Variable&);
  for (const auto& [name, f] : {std::pair<const char*, Activation>("relu", F::relu),
                                std::pair<const char*, Activation>("tanh", F::tanh),
                                std::pair<const char*, Activation>("sigmoid", F::sigmoid)})
    if (e->text == name) return f;
  throw NotBuilt{"a link with " + e->text};
}

}  // namespace

void add_links(Table& t) {
  t.add("Linear", [](const Call& c) {
    Arguments& made = c.made();
    if (made.call().callee() != "Linear") throw NotBuilt{"Linear." + made.call().callee()};
    nn::Linear link(made.integer(0, "in_size", 0), made.integer(1, "out_size", 0),
                    {.nobias = made.flag(2, "nobias")});
    set_parameters(link, c);
    return run_script(c, {.call = [&](Given& g) {
                        return Thing(link(g.x(0, "x"), g.integer(1, "n_batch_axes", 1)));
                      }});
  });
  t.add("Highway", [](const Call& c) {
    Arguments& made = c.made();
    nn::Highway link(
        made.integer(0, "in_out_size", 0),
        {.nobias = made.flag(1, "nobias"), .activate = activation(made.find(2, "activate"))});
    return called_with_x(link, c);
  });
  add_small_links(t);
  add_convolution_links(t);
  add_convolutions_of_any_axes(t);
  add_normalizations(t);
  add_recurrent_links(t);
}

}  // namespace golden
