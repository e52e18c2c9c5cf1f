#include "nn/nn.h"

#include <algorithm>
#include <string_view>

#include "autograd/base/check.h"
#include "tests/calls/arguments.h"

// A call for each link of nn/links: it is made and called. Then, as in a training, its parameters
// are inputs of the result.
namespace calls {
namespace {

using namespace nn;
using A = Arguments&;

// A size that may be unknown.
Size size(A a, const char* name, Int number) {
  const std::optional<Int> given = a.maybe_number(name, number);
  return given ? Size(*given) : None;
}

template <class L, class... Inputs>
Variables made(L link, const Inputs&... inputs) {
  return one(link(inputs...));
}

Calls plain() {
  return {
      {"Linear",
       [](A a) {
         return made(
             Linear(size(a, "in_size", 3), a.number("out_size", 4), {.nobias = a.flag("nobias")}),
             a.x("x", {2, 3}), a.count("n_batch_axes", 1));
       }},
      {"Bilinear",
       [](A a) {
         return made(Bilinear(a.number("left_size", 3), a.number("right_size", 4),
                              a.number("out_size", 2), {.nobias = a.flag("nobias")}),
                     a.x("e1", {2, 3}), a.x("e2", {2, 4}));
       }},
      {"EmbedID",
       [](A a) {
         return made(EmbedID(a.number("in_size", 3), a.number("out_size", 2),
                             {.ignore_label = a.maybe_number("ignore_label", -1)}),
                     a.positions("x", {0, 2, -1}, {3}));
       }},
      {"Highway",
       [](A a) {
         return made(Highway(a.number("in_out_size", 3), {.nobias = a.flag("nobias")}),
                     a.x("x", {2, 3}));
       }},
      {"Maxout",
       [](A a) {
         return made(Maxout(size(a, "in_size", 3), a.number("out_size", 2), a.count("pool_size", 2),
                            {.nobias = a.flag("nobias")}),
                     a.x("x", {2, 3}));
       }},
      {"Scale",
       [](A a) {
         return made(Scale(a.axis("axis", 1, 3), {.W_shape = a.shape("W_shape", {3}),
                                                  .bias_term = a.flag("bias_term", true)}),
                     a.x("x", {2, 3, 3}));
       }},
      {"Scale",
       [](A a) {
         return made(Scale(a.axis("axis", 1, 3),
                           {.bias_term = true, .bias_shape = a.shape("bias_shape", {3})}),
                     a.x("x", {2, 3, 3}), a.x("y", {3}));
       }},
      {"Bias",
       [](A a) {
         return made(Bias(a.axis("axis", 1, 3), a.shape("shape", {3})), a.x("x", {2, 3, 3}));
       }},
      {"PReLU",
       [](A a) {
         return made(PReLU(a.shape("shape", {3})), a.x("x", {2, 3, 4}));
       }},
      {"Swish",
       [](A a) {
         return made(Swish(a.shape("beta_shape", {3})), a.x("x", {2, 3, 4}));
       }},
      {"BatchNormalization",
       [](A a) {
         return made(
             BatchNormalization(a.shape("size", {3}), {.use_gamma = a.flag("use_gamma", true)}),
             a.x("x", {2, 3, 4}));
       }},
      {"BatchNormalization",
       [](A a) {
         return made(BatchNormalization(None, {.axis = a.axes("axis", {0, 2}, 3)}),
                     a.x("x", {2, 3, 4}));
       }},
      {"SimplifiedDropconnect",
       [](A a) {
         return made(SimplifiedDropconnect(size(a, "in_size", 3), a.number("out_size", 4),
                                           {.nobias = a.flag("nobias")}),
                     a.x("x", {2, 3}));
       }},
      {"BinaryHierarchicalSoftmax",
       [](A a) {
         return made(BinaryHierarchicalSoftmax(a.number("in_size", 3), {{0, 1}, {2, 3}}),
                     a.x("x", {2, 3}), a.positions("t", {0, 3}, {2}));
       }},
      {"BatchRenormalization",
       [](A a) {
         return made(BatchRenormalization(a.shape("size", {3}), {.rmax = 2, .dmax = 1}),
                     a.x("x", {2, 3, 4}));
       }},
      {"DecorrelatedBatchNormalization",
       [](A a) {
         return made(
             DecorrelatedBatchNormalization(a.number("size", 4), {.groups = a.number("groups", 2)}),
             a.x("x", {5, 4}));
       }},
      {"BlackOut",
       [](A a) {
         BlackOut link(a.number("in_size", 3), {3, 2, 1}, a.number("sample_size", 2));
         link.W.set_array(Array::zeros(link.W.shape(), Dtype::float32));
         return made(std::move(link), a.x("x", {2, 3}), a.positions("t", {0, 2}, {2}));
       }},
      {"NegativeSampling",
       [](A a) {
         return made(
             NegativeSampling(a.number("in_size", 3), {3, 2, 1}, a.number("sample_size", 2)),
             a.x("x", {2, 3}), a.positions("t", {0, -1}, {2}));
       }},
      {"CRF1d",
       [](A a) {
         CRF1d link(a.number("n_label", 3));
         return one(link({a.x("x", {2, 3})}, {as_variable(a.positions("y", {0, 2}, {2}))}));
       }},
      {"WordTree",
       [](A a) {
         return made(BinaryHierarchicalSoftmax(3, {{0, 1}, a.number("word", 2)}), a.x("x", {2, 3}),
                     Array::of<std::int32_t>({0, 1}));
       }},
      {"SpectralNormalization",
       [](A a) {
         Linear link(3, 4);
         const int n = a.count("n_power_iteration", 2);
         constexpr int kMost = 1000;  // more take more than a moment
         link.add_hook(link_hooks::SpectralNormalization(
             {.n_power_iteration = std::min(n, kMost), .use_gamma = true}));
         return made(std::move(link), a.x("x", {2, 3}));
       }},
      {"WeightStandardization",
       [](A a) {
         Linear link(3, 4);
         link.add_hook(link_hooks::WeightStandardization());
         return made(std::move(link), a.x("x", {2, 3}));
       }},
      {"ParameterLink",
       [](A a) {
         return made(ParameterLink(a.array("array", {2, 3})));
       }},
      {"LayerNormalization",
       [](A a) {
         return made(LayerNormalization(size(a, "size", 3)), a.x("x", {2, 3}));
       }},
      {"GroupNormalization",
       [](A a) {
         return made(GroupNormalization(a.count("n_groups", 2), size(a, "size", 4)),
                     a.x("x", {2, 4, 3}));
       }},
  };
}

Calls recurrent() {
  const auto cell = []<class L>(const char* name, std::type_identity<L>, auto call) {
    return Call{name, [call](A a) {
                  L link(size(a, "in_size", 3), a.number("out_size", 2));
                  return call(link, a);
                }};
  };
  const auto stateful = [](auto& link, A a) {
    const Variable x = a.x("x", {2, 3});
    link(x);
    return one(link(x));
  };
  // With at most so many layers; more take more than a moment.
  const auto deep = []<class L>(const char* name, std::type_identity<L>) {
    return Call{name, [](A a) {
                  constexpr int kMost = 9, kRefused = 1 << 16;
                  const int n = a.count("n_layers", 2);
                  L link(n > kMost && n <= kRefused ? kMost : n, a.number("in_size", 3),
                         a.number("out_size", 2), 0);
                  const Variables xs{a.x("xs 0", {2, 3}), a.x("xs 1", {1, 3})};
                  if constexpr (L::n_cells == 2)
                    return link(Variable(), Variable(), xs).ys;
                  else
                    return link(Variable(), xs).ys;
                }};
  };
  return {
      cell("LSTM", std::type_identity<LSTM>(), stateful),
      cell("StatefulGRU", std::type_identity<StatefulGRU>(), stateful),
      cell("StatelessLSTM", std::type_identity<StatelessLSTM>(),
           [](auto& link, A a) {
             const auto y = link(Variable(), Variable(), a.x("x", {2, 3}));
             return results({y.c, y.h});
           }),
      cell("StatelessGRU", std::type_identity<StatelessGRU>(),
           [](auto& link, A a) {
             return one(link(a.x("h", {2, 2}), a.x("x", {2, 3})));
           }),
      cell("StatefulPeepholeLSTM", std::type_identity<StatefulPeepholeLSTM>(), stateful),
      cell("StatefulZoneoutLSTM", std::type_identity<StatefulZoneoutLSTM>(), stateful),
      cell("ChildSumTreeLSTM", std::type_identity<ChildSumTreeLSTM>(),
           [](auto& link, A a) {
             const auto y = link(a.x("c", {2, 2}), a.x("h", {2, 2}), a.x("x", {2, 3}));
             return results({y.c, y.h});
           }),
      {"NaryTreeLSTM",
       [](A a) {
         constexpr int kMost = 9, kRefused = 1 << 16;
         const int n = a.count("n_ary", 1);
         NaryTreeLSTM link(size(a, "in_size", 3), a.number("out_size", 2),
                           n > kMost && n <= kRefused ? kMost : n);
         const auto y = link(a.x("c", {2, 2}), a.x("h", {2, 2}), a.x("x", {2, 3}));
         return results({y.c, y.h});
       }},
      {"StatefulMGU",
       [](A a) {
         StatefulMGU link(a.number("in_size", 3), a.number("out_size", 2));
         const Variable x = a.x("x", {2, 3});
         link(x);
         return one(link(x));
       }},
      {"StatelessMGU",
       [](A a) {
         StatelessMGU link(a.number("in_size", 3), a.number("out_size", 2));
         return one(link(a.x("h", {2, 2}), a.x("x", {2, 3})));
       }},
      deep("NStepLSTM", std::type_identity<NStepLSTM>()),
      deep("NStepBiLSTM", std::type_identity<NStepBiLSTM>()),
      deep("NStepGRU", std::type_identity<NStepGRU>()),
      deep("NStepBiGRU", std::type_identity<NStepBiGRU>()),
      deep("NStepRNNTanh", std::type_identity<NStepRNNTanh>()),
      deep("NStepRNNReLU", std::type_identity<NStepRNNReLU>()),
      deep("NStepBiRNNTanh", std::type_identity<NStepBiRNNTanh>()),
      deep("NStepBiRNNReLU", std::type_identity<NStepBiRNNReLU>()),
  };
}

// A layer of filters for images of so many axes; make(in_channels, out_channels, ksize, options)
// makes it.
template <class Options, class Make>
Call filters(const char* name, int axes, const Make& make) {
  return {name, [=](A a) {
            const Shape ones = Shape::filled(axes, 1), zeros = Shape::filled(axes, 0);
            Options o;
            o.nobias = a.flag("nobias");
            if constexpr (std::is_same_v<decltype(o.stride), PerAxis>)
              o.stride = a.per_axis("stride", ones);
            else
              o.stride = a.pair("stride", 1);
            if constexpr (requires { o.pad; }) {
              if constexpr (std::is_same_v<decltype(o.pad), PerAxis>)
                o.pad = a.per_axis("pad", zeros);
              else
                o.pad = a.pair("pad", 0);
            }
            if constexpr (requires { o.dilate; }) {
              if constexpr (std::is_same_v<decltype(o.dilate), PerAxis>)
                o.dilate = a.per_axis("dilate", ones);
              else
                o.dilate = a.pair("dilate", 1);
            }
            if constexpr (requires { o.groups; }) o.groups = a.number("groups", 1);
            if constexpr (requires { o.cover_all; }) o.cover_all = a.flag("cover_all");
            if constexpr (requires { o.outsize; }) {
              if constexpr (std::is_same_v<decltype(o.outsize), std::optional<PerAxis>>)
                o.outsize = a.maybe_per_axis("outsize", Shape::filled(axes, 6));
              else
                o.outsize = a.maybe_pair("outsize", 6);
            }
            Shape x{2, 4};
            for (int i = 0; i < axes; ++i) x.push_back(5);
            return made(make(a, o), a.x("x", x));
          }};
}
template <class L, class Options>
Call filters_2d(const char* name, const char* out_channels = "out_channels") {
  return filters<Options>(name, 2, [=](A a, const Options& o) {
    return L(size(a, "in_channels", 4), a.number(out_channels, 2), a.pair("ksize", 2), o);
  });
}
template <class L, class Options>
Call filters_nd(const char* name, int axes) {
  return filters<Options>(name, axes, [=](A a, const Options& o) {
    const Size in = size(a, "in_channels", 4);
    const Int out = a.number("out_channels", 2);
    const PerAxis ksize = a.per_axis("ksize", Shape::filled(axes, 2));
    if constexpr (std::is_constructible_v<L, int, Size, Int, const PerAxis&, const Options&>)
      return L(a.count("ndim", axes), in, out, ksize, o);
    else
      return L(in, out, ksize, o);
  });
}

// Its filters look at their own places.
struct WithoutOffset {
  explicit WithoutOffset(DeformableConvolution2DSampler l) : link(std::move(l)) {}
  Variable operator()(const Variable& x) {
    constexpr std::string_view op = "WithoutOffset";
    const Int filters = autograd::length_product(
        op, 2, autograd::length_product(op, link.ksize.height, link.ksize.width));
    Convolution2D places(x.length(1), filters, link.ksize,
                         {.stride = link.stride, .pad = link.pad, .initialW = 0.0});
    return link(x, places(x));
  }
  DeformableConvolution2DSampler link;
};

Calls convolutions() {
  return {
      filters_2d<Convolution2D, Convolution2DOptions>("Convolution2D"),
      filters_2d<DilatedConvolution2D, DilatedConvolution2DOptions>("DilatedConvolution2D"),
      filters_2d<Deconvolution2D, Deconvolution2DOptions>("Deconvolution2D"),
      filters_2d<DepthwiseConvolution2D, DepthwiseConvolution2DOptions>("DepthwiseConvolution2D",
                                                                        "channel_multiplier"),
      filters<LocalConvolution2DOptions>(
          "LocalConvolution2D", 2,
          [](A a, const LocalConvolution2DOptions& o) {
            return LocalConvolution2D(size(a, "in_channels", 4), a.number("out_channels", 2),
                                      a.maybe_pair("in_size", 5), a.pair("ksize", 2), o);
          }),
      filters<DeformableConvolution2DSamplerOptions>(
          "DeformableConvolution2DSampler", 2,
          [](A a, const DeformableConvolution2DSamplerOptions& o) {
            return WithoutOffset(DeformableConvolution2DSampler(
                size(a, "in_channels", 4), a.number("out_channels", 2), a.pair("ksize", 2), o));
          }),
      {"DeformableConvolution2D",
       [](A a) {
         return made(DeformableConvolution2D(
                         size(a, "in_channels", 4), a.number("out_channels", 2), a.pair("ksize", 2),
                         {.stride = a.pair("stride", 1), .pad = a.pair("pad", 0)}),
                     a.x("x", {2, 4, 5, 5}));
       }},
      filters_nd<ConvolutionND, ConvolutionNDOptions>("ConvolutionND", 3),
      filters_nd<Convolution1D, ConvolutionNDOptions>("Convolution1D", 1),
      filters_nd<Convolution3D, ConvolutionNDOptions>("Convolution3D", 3),
      filters_nd<DeconvolutionND, DeconvolutionNDOptions>("DeconvolutionND", 3),
      filters_nd<Deconvolution1D, DeconvolutionNDOptions>("Deconvolution1D", 1),
      filters_nd<Deconvolution3D, DeconvolutionNDOptions>("Deconvolution3D", 3),
  };
}

// Links that are made of others.
Calls composed() {
  const auto inception_bn = [](A a, Int out1, const InceptionBNOptions& o) {
    return made(
        InceptionBN(size(a, "in_channels", 4), out1, a.number("proj3", 2), a.number("out3", 1),
                    a.number("proj33", 1), a.number("out33", 2), PoolType::max, o),
        a.x("x", {2, 4, 5, 5}));
  };
  return {
      {"Inception",
       [](A a) {
         return made(Inception(size(a, "in_channels", 4), a.number("out1", 1), a.number("proj3", 2),
                               a.number("out3", 1), a.number("proj5", 1), a.number("out5", 2),
                               a.number("proj_pool", 1)),
                     a.x("x", {2, 4, 5, 5}));
       }},
      {"InceptionBN",
       [=](A a) {
         return inception_bn(a, a.number("out1", 1), {.proj_pool = size(a, "proj_pool", 2)});
       }},
      {"InceptionBN",
       [=](A a) { return inception_bn(a, 0, {.proj_pool = 2, .stride = a.pair("stride", 2)}); }},
      {"MLPConvolution2D",
       [](A a) {
         return made(MLPConvolution2D(size(a, "in_channels", 4), {a.number("out_channels", 3), 2},
                                      a.pair("ksize", 2),
                                      {.stride = a.pair("stride", 1), .pad = a.pair("pad", 0)}),
                     a.x("x", {2, 4, 5, 5}));
       }},
      {"BottleneckA",
       [](A a) {
         return made(BottleneckA(a.number("in_channels", 4), a.number("mid_channels", 2),
                                 a.number("out_channels", 3), a.pair("stride", 2)),
                     a.x("x", {2, 4, 5, 5}));
       }},
      {"BottleneckB",
       [](A a) {
         return made(BottleneckB(a.number("in_channels", 4), a.number("mid_channels", 2)),
                     a.x("x", {2, 4, 5, 5}));
       }},
      {"BuildingBlock",
       [](A a) {
         // More layers take more than a moment.
         constexpr int kMost = 3, kRefused = 1 << 16;
         const int n = a.count("n_layers", 2);
         return made(BuildingBlock(n > kMost && n <= kRefused ? kMost : n,
                                   a.number("in_channels", 4), a.number("mid_channels", 2),
                                   a.number("out_channels", 3), a.pair("stride", 2)),
                     a.x("x", {2, 4, 5, 5}));
       }},
  };
}

}  // namespace

Calls links() {
  Calls all = joined({plain(), recurrent(), convolutions(), composed()});
  for (Call& call : all) call.draws = true;  // their weights
  return all;
}

}  // namespace calls
