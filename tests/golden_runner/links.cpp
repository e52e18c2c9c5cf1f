#include "nn/chain_list.h"
#include "nn/links/activation/activations.h"
#include "nn/links/activation/maxout.h"
#include "nn/links/activation/simplified_dropconnect.h"
#include "nn/links/connection/bias.h"
#include "nn/links/connection/bilinear.h"
#include "nn/links/connection/embed_id.h"
#include "nn/links/connection/highway.h"
#include "nn/links/connection/linear.h"
#include "nn/links/connection/parameter.h"
#include "nn/links/connection/scale.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/links/normalization/batch_renormalization.h"
#include "nn/links/normalization/decorrelated_batch_normalization.h"
#include "nn/links/normalization/layer_normalization.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/made_values.h"

namespace golden {
namespace {

// Called with x, or with x and y.
template <class L>
MadeLink of_x_and_y(L link) {
  return made(std::move(link), [](L& l) {
    return Scripted{.call = [&l](Given& g) {
      return Thing(g.count() > 1 ? l(g.x(0, "x"), g.x(1, "y")) : l(g.x(0, "x")));
    }};
  });
}

// Linear(3) is Linear(None, 3).
bool has_out_alone(Arguments& a, std::size_t out_position, const char* out) {
  const Expression* e = a.find(out_position, out);
  return !e || (e->kind == Expression::Kind::literal && e->value.is(Value::Kind::null));
}

MadeLink linear(nn::Linear link) {
  return made(std::move(link), [](nn::Linear& l) {
    return Scripted{
        .call = [&l](Given& g) { return Thing(l(g.x(0, "x"), g.integer(1, "n_batch_axes", 1))); }};
  });
}

std::optional<std::int64_t> label_or_none(const Value& v) {
  return v.is(Value::Kind::null) ? std::optional<std::int64_t>() : v.integer();
}

// The items of a list or tuple: an initializer each; else the same for all.
nn::Initializer item(const Expression* e, std::size_t i) {
  if (!e) return {};
  if (e->kind != Expression::Kind::list) return initializer_of(e);
  return initializer_of(&e->parts.at(i));
}

}  // namespace

void add_connection_links(Makers& m) {
  m["Linear"] = [](Arguments& a) {
    const bool lazy = has_out_alone(a, 1, "out_size");
    const Value in = a.literal(0, "in_size"), out = a.literal(1, "out_size");
    return linear(nn::Linear(lazy ? nn::Size(nn::None) : size_of(in), (lazy ? in : out).integer(),
                             {.nobias = a.flag(2, "nobias"),
                              .initialW = initializer_of(a.find(3, "initialW")),
                              .initial_bias = initializer_of(a.find(4, "initial_bias"))}));
  };
  m["Linear.from_params"] = [](Arguments& a) {
    const Array W = array_of(*a.find(0, "W"));
    const Expression* b = a.find(1, "b");
    const bool has_bias = b && b->kind == Expression::Kind::call;
    return linear(
        nn::Linear::from_params(W, has_bias ? array_of(*b) : Array(), a.flag(2, "nobias")));
  };
  m["Bilinear"] = [](Arguments& a) {
    const Expression* biases = a.find(5, "initial_bias");
    return made(
        nn::Bilinear(a.integer(0, "left_size", 0), a.integer(1, "right_size", 0),
                     a.integer(2, "out_size", 0),
                     {.nobias = a.flag(3, "nobias"),
                      .initialW = initializer_of(a.find(4, "initialW")),
                      .initialV1 = item(biases, 0),
                      .initialV2 = item(biases, 1),
                      .initialb = item(biases, 2)}),
        [](nn::Bilinear& l) {
          return Scripted{.call = [&l](Given& g) { return Thing(l(g.x(0, "e1"), g.x(1, "e2"))); }};
        });
  };
  m["EmbedID"] = [](Arguments& a) {
    return of_x(nn::EmbedID(a.integer(0, "in_size", 0), a.integer(1, "out_size", 0),
                            {.initialW = initializer_of(a.find(2, "initialW")),
                             .ignore_label = label_or_none(a.literal(3, "ignore_label"))}));
  };
  m["EmbedID.from_params"] = [](Arguments& a) {
    return of_x(nn::EmbedID::from_params(array_of(*a.find(0, "W")),
                                         label_or_none(a.literal(1, "ignore_label"))));
  };
  m["Highway"] = [](Arguments& a) {
    nn::HighwayOptions o;
    o.nobias = a.flag(1, "nobias");
    o.activate = function_of(a.find(2, "activate"));
    o.init_Wh = initializer_of(a.find(3, "init_Wh"));
    o.init_Wt = initializer_of(a.find(4, "init_Wt"));
    o.init_bh = initializer_of(a.find(5, "init_bh"));
    if (const Expression* bias = a.find(6, "init_bt")) o.init_bt = initializer_of(bias);
    return of_x(nn::Highway(a.integer(0, "in_out_size", 0), o));
  };
  m["Bias"] = [](Arguments& a) {
    return of_x_and_y(nn::Bias(a.integer(0, "axis", 1), or_none(a.shape(1, "shape"))));
  };
  m["Scale"] = [](Arguments& a) {
    return of_x_and_y(
        nn::Scale(a.integer(0, "axis", 1), {.W_shape = or_none(a.shape(1, "W_shape")),
                                            .bias_term = a.flag(2, "bias_term"),
                                            .bias_shape = or_none(a.shape(3, "bias_shape"))}));
  };
  m["PReLU"] = [](Arguments& a) {
    const Expression* init = a.find(1, "init");
    return of_x(nn::PReLU(a.shape(0, "shape").value_or(Shape{}),
                          init ? initializer_of(init) : nn::Initializer(0.25)));
  };
  m["Swish"] = [](Arguments& a) {
    const Expression* init = a.find(1, "beta_init");
    return of_x(nn::Swish(or_none(a.shape(0, "beta_shape")),
                          init ? initializer_of(init) : nn::Initializer(1.0)));
  };
  m["Maxout"] = [](Arguments& a) {
    // Chainer's Maxout has no bias where the initial one is None.
    const Expression* bias = a.find(4, "initial_bias");
    const bool nobias =
        bias && bias->kind == Expression::Kind::literal && bias->value.is(Value::Kind::null);
    // Arrays have an axis for each of the units and of the functions; numbers and drawn values are
    // the same in the flat shape.
    const auto flat = [](const Expression* e, bool matrix) -> nn::Initializer {
      if (!e || !makes_array(*e)) return initializer_of(e);
      const Array all = array_of(*e);
      return all.reshape(matrix ? Shape{-1, all.shape().back()} : Shape{-1});
    };
    return of_x(nn::Maxout(size_of(a.literal(0, "in_size")), a.integer(1, "out_size", 0),
                           a.integer(2, "pool_size", 0),
                           {.nobias = nobias,
                            .initialW = flat(a.find(3, "initialW"), true),
                            .initial_bias = flat(bias, false)}));
  };
  m["Parameter"] = [](Arguments& a) {
    return made(nn::ParameterLink(array_of(*a.find(0, "array"))), [](nn::ParameterLink& l) {
      return Scripted{.call = [&l](Given&) { return Thing(l()); }};
    });
  };
  m["SimplifiedDropconnect"] = [](Arguments& a) {
    return made(
        nn::SimplifiedDropconnect(size_of(a.literal(0, "in_size")), a.integer(1, "out_size", 0),
                                  {.ratio = a.number(2, "ratio", 0.5),
                                   .nobias = a.flag(3, "nobias"),
                                   .initialW = initializer_of(a.find(4, "initialW")),
                                   .initial_bias = initializer_of(a.find(5, "initial_bias"))}),
        [](nn::SimplifiedDropconnect& l) {
          return Scripted{.call = [&l](Given& g) {
            nn::SimplifiedDropconnectCall o;
            o.train = g.flag(1, "train", true);
            if (const Variable mask = g.x(2, "mask")) o.mask = mask.array();
            o.use_batchwise_mask = g.flag(3, "use_batchwise_mask", true);
            return Thing(l(g.x(0, "x"), o));
          }};
        });
  };
}

namespace {

// A normalization that counts its batches.
template <class L>
Scripted use_finetuned(L& l) {
  return {.call = [&l](Given& g) { return Thing(l(g.x(0, "x"), g.flag(1, "finetune"))); },
          .methods = {{"start_finetuning", [&l](Given&) {
                         l.start_finetuning();
                         return Thing();
                       }}}};
}

// What is not None.
const Expression* given(const Expression* e) {
  const bool is_none = e && e->kind == Expression::Kind::literal && e->value.is(Value::Kind::null);
  return is_none ? nullptr : e;
}

}  // namespace

void add_normalization_links(Makers& m) {
  m["BatchRenormalization"] = [](Arguments& a) {
    nn::BatchRenormalizationLinkOptions o;
    o.rmax = a.number(1, "rmax", o.rmax);
    o.dmax = a.number(2, "dmax", o.dmax);
    o.decay = a.number(3, "decay", o.decay);
    o.eps = a.number(4, "eps", o.eps);
    if (const Expression* dtype = given(a.find(5, "dtype"))) o.dtype = dtype_of(*dtype);
    o.use_gamma = a.flag(6, "use_gamma", true);
    o.use_beta = a.flag(7, "use_beta", true);
    o.initial_gamma = initializer_of(a.find(8, "initial_gamma"));
    o.initial_beta = initializer_of(a.find(9, "initial_beta"));
    // Chainer's BatchRenormalization gives both to BatchNormalization one place too early: the first
    // becomes its axis, the second the initial mean.
    initializer_of(a.find(10, "initial_avg_mean"));
    o.initial_avg_mean = initializer_of(a.find(11, "initial_avg_var"));
    return made(nn::BatchRenormalization(a.shape(0, "size").value(), o),
                use_finetuned<nn::BatchRenormalization>);
  };
  m["DecorrelatedBatchNormalization"] = [](Arguments& a) {
    nn::DecorrelatedBatchNormalizationLinkOptions o;
    o.groups = a.integer(1, "groups", 16);
    o.decay = a.number(2, "decay", o.decay);
    o.eps = a.number(3, "eps", o.eps);
    if (const Expression* dtype = given(a.find(4, "dtype"))) o.dtype = dtype_of(*dtype);
    return made(nn::DecorrelatedBatchNormalization(a.integer(0, "size", 0), o),
                use_finetuned<nn::DecorrelatedBatchNormalization>);
  };
  m["BatchNormalization"] = [](Arguments& a) {
    nn::BatchNormalizationOptions o;
    o.decay = a.number(1, "decay", o.decay);
    o.eps = a.number(2, "eps", o.eps);
    if (const Expression* dtype = a.find(3, "dtype"); dtype && dtype->text != "None")
      o.dtype = dtype_of(*dtype);
    o.use_gamma = a.flag(4, "use_gamma", true);
    o.use_beta = a.flag(5, "use_beta", true);
    o.initial_gamma = initializer_of(a.find(6, "initial_gamma"));
    o.initial_beta = initializer_of(a.find(7, "initial_beta"));
    o.axis = a.axes(8, "axis").value_or(Axes(nn::None));
    o.initial_avg_mean = initializer_of(a.find(9, "initial_avg_mean"));
    o.initial_avg_var = initializer_of(a.find(10, "initial_avg_var"));
    return made(nn::BatchNormalization(or_none(a.shape(0, "size")), o),
                use_finetuned<nn::BatchNormalization>);
  };
  m["LayerNormalization"] = [](Arguments& a) {
    return of_x(
        nn::LayerNormalization(size_of(a.literal(0, "size")),
                               {.eps = a.number(1, "eps", 1e-6),
                                .initial_gamma = initializer_of(a.find(2, "initial_gamma")),
                                .initial_beta = initializer_of(a.find(3, "initial_beta"))}));
  };
  m["GroupNormalization"] = [](Arguments& a) {
    return of_x(
        nn::GroupNormalization(a.integer(0, "groups", 0), size_of(a.literal(1, "size")),
                               {.eps = a.number(2, "eps", 1e-5),
                                .initial_gamma = initializer_of(a.find(3, "initial_gamma")),
                                .initial_beta = initializer_of(a.find(4, "initial_beta"))}));
  };
}

}  // namespace golden
