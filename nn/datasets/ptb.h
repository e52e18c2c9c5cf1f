#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "autograd/array/array.h"

namespace nn::datasets {

// The words of the Penn Treebank (M. Marcus and others, 1999) in T. Mikolov's version, as sequences
// of numbers, int32: all sentences one after another, each with <eos> at its end.
struct PtbWords {
  autograd::Array train, valid, test;
};

// chainer.datasets.get_ptb_words, with which it shares its cache. The data are looked for, in this
// order:
//   1. in `folder`, if given: ptb.train.txt, ptb.valid.txt and ptb.test.txt;
//   2. in pfnet/chainer/ptb below the root of data sets: train.npz, valid.npz, test.npz and
//      vocab.txt, as Chainer leaves them there;
//   3. on the server that Chainer names. The texts are checked by their MD5 and stored as in 2.
// $CHAINETTE_PTB_URL, if set, is the address of the folder of the texts in 3. Throws if a text has
// a word that the training text lacks.
PtbWords get_ptb_words(const std::string& folder = {});

// The numbers of the words, in the order of their first appearance in the training text.
std::map<std::string, std::int32_t> get_ptb_words_vocabulary(const std::string& folder = {});

}  // namespace nn::datasets
