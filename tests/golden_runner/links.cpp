#include "autograd/graph/config.h"
#include "nn/links/activation/activations.h"
#include "nn/links/activation/maxout.h"
#include "nn/links/connection/bias.h"
#include "nn/links/connection/bilinear.h"
#include "nn/links/connection/convolution.h"
#include "nn/links/connection/deconvolution.h"
#include "nn/links/connection/depthwise_convolution.h"
#include "nn/links/connection/embed_id.h"
#include "nn/links/connection/highway.h"
#include "nn/links/connection/linear.h"
#include "nn/links/connection/scale.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/links/normalization/layer_normalization.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/table.h"

// Each link is made as the manifest says, given the stored parameters, and called.
namespace golden {
namespace {

void add_small_links(Table& t) {
  t.add("Bias", [](const Call& c) {
    Arguments made(c.link);
    nn::Bias link(made.integer(0, "axis", 1), made.shape(1, "shape"));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("Scale", [](const Call& c) {
    Arguments made(c.link);
    nn::Scale link(made.integer(0, "axis", 1), {.W_shape = made.shape(1, "W_shape"),
                                                .bias_term = made.flag(2, "bias_term"),
                                                .bias_shape = made.shape(3, "bias_shape")});
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("PReLU", [](const Call& c) {
    nn::PReLU link(Arguments(c.link).shape(0, "shape").value_or(Shape{}));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("Swish", [](const Call& c) {
    nn::Swish link(Arguments(c.link).shape(0, "beta_shape"));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("Maxout", [](const Call& c) {
    Arguments made(c.link);
    nn::Maxout link(made.integer(0, "in_size", 0), made.integer(1, "out_size", 0),
                    made.integer(2, "pool_size", 0));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("Bilinear", [](const Call& c) {
    Arguments made(c.link);
    nn::Bilinear link(made.integer(0, "left_size", 0), made.integer(1, "right_size", 0),
                      made.integer(2, "out_size", 0), {.nobias = made.flag(3, "nobias")});
    set_parameters(link, c);
    return link(c.x(0), c.x(1));
  });
}

void add_convolution_links(Table& t) {
  t.add("Convolution2D", [](const Call& c) {
    Arguments made(c.link);
    nn::Convolution2D link(made.integer(0, "in_channels", 0), made.integer(1, "out_channels", 0),
                           made.height_width(2, "ksize", 0), made.height_width(3, "stride", 1),
                           made.height_width(4, "pad", 0));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("Deconvolution2D", [](const Call& c) {
    Arguments made(c.link);
    nn::Deconvolution2D link(made.integer(0, "in_channels", 0), made.integer(1, "out_channels", 0),
                             made.height_width(2, "ksize", 0), made.height_width(3, "stride", 1),
                             made.height_width(4, "pad", 0));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("DepthwiseConvolution2D", [](const Call& c) {
    Arguments made(c.link);
    nn::DepthwiseConvolution2D link(
        made.integer(0, "in_channels", 0), made.integer(1, "channel_multiplier", 0),
        made.height_width(2, "ksize", 0), made.height_width(3, "stride", 1),
        made.height_width(4, "pad", 0));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("DilatedConvolution2D", [](const Call& c) {
    Arguments made(c.link);
    nn::DilatedConvolution2D link(
        made.integer(0, "in_channels", 0), made.integer(1, "out_channels", 0),
        made.height_width(2, "ksize", 0), made.height_width(3, "stride", 1),
        made.height_width(4, "pad", 0), made.height_width(5, "dilate", 1));
    set_parameters(link, c);
    return link(c.x(0));
  });
}

// The cases call the link once for each input: to train, the third time to test, or all to
// finetune.
Variables normalized(const Call& c) {
  Arguments made(c.link);
  nn::BatchNormalization link(made.integer(0, "size", 0));
  set_parameters(link, c);
  const bool finetune = c.text.find("finetune=True") != std::string::npos;
  Variables ys;
  for (std::size_t i = 0; i < c.inputs.size(); ++i) {
    const auto mode = autograd::using_config(&autograd::Config::train, i < 2);
    ys.push_back(link(c.x(i), finetune));
  }
  c.after["link.avg_mean"] = link.avg_mean;
  c.after["link.avg_var"] = link.avg_var;
  c.after["link.N"] = Array::scalar(link.N);
  return ys;
}

void add_normalizations(Table& t) {
  t.add("BatchNormalization", normalized);
  t.add("LayerNormalization", [](const Call& c) {
    nn::LayerNormalization link(Arguments(c.link).integer(0, "size", 0));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("GroupNormalization", [](const Call& c) {
    Arguments made(c.link);
    nn::GroupNormalization link(made.integer(0, "groups", 0), made.integer(1, "size", 0));
    set_parameters(link, c);
    return link(c.x(0));
  });
  t.add("EmbedID", [](const Call& c) {
    Arguments made(c.link);
    nn::EmbedID link(made.integer(0, "in_size", 0), made.integer(1, "out_size", 0));
    set_parameters(link, c);
    return link(c.array(0));
  });
}

}  // namespace

void add_links(Table& t) {
  t.add("Linear", [](const Call& c) {
    Arguments made(c.link), called(c.text);
    nn::Linear link(made.integer(0, "in_size", 0), made.integer(1, "out_size", 0),
                    {.nobias = made.flag(2, "nobias")});
    set_parameters(link, c);
    return link(c.x(0), called.integer(1, "n_batch_axes", c.kwargs.integer("n_batch_axes", 1)));
  });
  t.add("Highway", [](const Call& c) {
    Arguments made(c.link);
    nn::Highway link(made.integer(0, "in_out_size", 0), {.nobias = made.flag(1, "nobias")});
    set_parameters(link, c);
    return link(c.x(0));
  });
  add_small_links(t);
  add_convolution_links(t);
  add_normalizations(t);
  add_recurrent_links(t);
}

}  // namespace golden
