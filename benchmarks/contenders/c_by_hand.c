/* The seed's training step in C: sample by sample, forward and at once backward, then the update.

   SAMPLES and HIDDEN are given by the compiler's command line, so that it knows every trip count. p holds W0 (2, H), b0 (H),
   W1 (H, H), b1 (H), W2 (H), b2 (1) one after the other, and g their gradients. */

#define H HIDDEN

/* A loop over one layer, whose turns the compiler may run side by side. */
#define EACH(k) _Pragma("omp simd") for (int k = 0; k < H; k++)

/* out = start + x M. A row that fits into the processor's registers is summed there; a longer one grows in the cache. */
static inline void affine(const double *restrict x, const double *restrict M, const double *restrict start, double *restrict out)
{
#if H <= 16
    EACH(j) {
        double sum = start[j];
        for (int i = 0; i < H; i++)
            sum += x[i] * M[i * H + j];
        out[j] = sum;
    }
#else
    EACH(j) out[j] = start[j];
    for (int i = 0; i < H; i++)
        EACH(j) out[j] += x[i] * M[i * H + j];
#endif
}

double train(const double *restrict X, const double *restrict y, double *restrict p, double *restrict g, long steps,
             double learning_rate, double l2)
{
    enum { PARAMETERS = 2 * H + H + H * H + H + H + 1 };
    const double *restrict W0 = p, *restrict b0 = W0 + 2 * H, *restrict W1 = b0 + H, *restrict b1 = W1 + H * H,
                 *restrict W2 = b1 + H, *restrict b2 = W2 + H;
    double *restrict gW0 = g, *restrict gb0 = gW0 + 2 * H, *restrict gW1 = gb0 + H, *restrict gb1 = gW1 + H * H,
           *restrict gW2 = gb1 + H, *restrict gb2 = gW2 + H;
    double W1T[H * H], zeros[H] = {0.0}, loss = 0.0;

    for (long step = 0; step < steps; step++) {
        double hinge = 0.0, squares = 0.0;
        for (int k = 0; k < PARAMETERS; k++) {
            squares += p[k] * p[k];
            g[k] = 2.0 * l2 * p[k];
        }
        /* Transposed too, so that the way back runs along rows as the way forward does, and needs no sum across a vector. */
        for (int i = 0; i < H; i++)
            for (int j = 0; j < H; j++)
                W1T[j * H + i] = W1[i * H + j];

        for (int n = 0; n < SAMPLES; n++) {
            double h0[H], h1[H], d0[H], d1[H], score = *b2;
            const double x0 = X[2 * n], x1 = X[2 * n + 1];
            EACH(j) {
                h0[j] = b0[j] + x0 * W0[j] + x1 * W0[H + j];
                h0[j] = h0[j] > 0.0 ? h0[j] : 0.0;
            }
            affine(h0, W1, b1, h1);
            for (int j = 0; j < H; j++) {
                h1[j] = h1[j] > 0.0 ? h1[j] : 0.0;
                score += h1[j] * W2[j];
            }

            /* A sample on its right side sends back zeros rather than nothing, so that a step takes as long at the end of the
               training as at its beginning. */
            const double margin = 1.0 - y[n] * score;
            const double d = margin > 0.0 ? -y[n] / SAMPLES : 0.0;
            hinge += margin > 0.0 ? margin : 0.0;

            *gb2 += d;
            EACH(j) {
                gW2[j] += d * h1[j];
                d1[j] = h1[j] > 0.0 ? d * W2[j] : 0.0;
                gb1[j] += d1[j];
            }
            for (int i = 0; i < H; i++)
                EACH(j) gW1[i * H + j] += h0[i] * d1[j];
            affine(d1, W1T, zeros, d0);
            EACH(i) {
                d0[i] = h0[i] > 0.0 ? d0[i] : 0.0;
                gb0[i] += d0[i];
                gW0[i] += x0 * d0[i];
                gW0[H + i] += x1 * d0[i];
            }
        }
        loss = hinge / SAMPLES + l2 * squares;
        for (int k = 0; k < PARAMETERS; k++)
            p[k] -= learning_rate * g[k];
    }
    return loss;
}
